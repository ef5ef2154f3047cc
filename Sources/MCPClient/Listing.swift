import AsyncRuntime
public import JSON
public import JSONRPC
public import MCP

/// All pages of a list, as far as they came.
public struct Listing: Sendable {
    /// The items in order, as received.
    public var items: [JSONText] = []
    /// The results of the pages, as received.
    public var pages: [JSONText] = []
    /// Why the list is not whole, if it is not.
    public var shortfall: Shortfall?
    /// The time from the first request to the last answer.
    public var elapsed: Duration = .zero

    /// Creates an empty list.
    public init() {}

    /// Why a list is not whole.
    public enum Shortfall: Sendable {
        /// A page could not be had; those before it were.
        case failed(CallError)
        /// A page has no array of items.
        case malformed(page: Int, reason: String)
        /// A cursor came again: the server goes round in a circle.
        case repeatingCursor(String, page: Int)
        /// Page after page brings only items that were there before.
        case repeatingItems(page: Int)
        /// There were more pages than the limit allows.
        case tooManyPages(limit: Int)
        /// The time for the whole operation was up.
        case timeout(Duration)
    }
}

extension Listing.Shortfall: CustomStringConvertible {
    /// A sentence that says why the list is not whole.
    public var description: String {
        switch self {
        case .failed(let error): error.description
        case .malformed(let page, let reason): "page \(page) of the list is malformed: \(reason)"
        case .repeatingCursor(let cursor, let page):
            "page \(page) gave the cursor \(JSONValue.string(cursor)) again: the list has no end"
        case .repeatingItems(let page):
            "pages up to \(page) bring only items that were listed before: the list has no end"
        case .tooManyPages(let limit): "the list has more than \(limit) pages"
        case .timeout(let limit): "the list was not complete within \(limit.seconds)"
        }
    }
}

/// The four things that servers list.
public enum ListKind: String, Sendable, CaseIterable {
    /// Tools.
    case tools
    /// Resources with a fixed URI.
    case resources
    /// Templates of resource URIs.
    case resourceTemplates
    /// Prompts.
    case prompts

    /// The method that lists them.
    public var method: Method {
        switch self {
        case .tools: .toolsList
        case .resources: .resourcesList
        case .resourceTemplates: .resourcesTemplatesList
        case .prompts: .promptsList
        }
    }

    /// The capability that a server with such things declares.
    public var capability: String {
        self == .resourceTemplates ? "resources" : rawValue
    }
}

extension Client {
    /// Fetches a list page by page to its end, guarded against lists that have none.
    ///
    /// What came before a page failed is kept: the shortfall says what is missing and why.
    ///
    /// Source: "Pagination", all revisions: only a missing `nextCursor` is the end, an empty one is not.
    public func list(
        _ kind: ListKind,
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = []
    ) async -> Listing {
        let began = link.scheduler.now
        var listing = Listing()
        var guardian = PageGuard(limit: options.pageLimit)
        var cursor: String?
        repeat {
            var params = RequestParams()
            if let cursor { params.members.append(("cursor", JSONText(.string(cursor)))) }
            do throws(CallError) {
                let page = try await request(kind.method, params, limits: limits, fields: fields)
                listing.pages.append(page.result)
                // Looked through once: a page may be long.
                let members = page.result.members ?? []
                let items = members.last { $0.key == kind.rawValue }?.text.elements
                let next = members.last { $0.key == "nextCursor" }?.text
                listing.items += items ?? []
                if kind == .tools { tools.learn(items ?? []) }
                cursor = next?.string
                listing.shortfall =
                    incompleteness(members, page: listing.pages.count)
                    ?? guardian.check(items, next: next, page: listing.pages.count, of: kind)
            } catch {
                listing.shortfall = .failed(error)
            }
            listing.elapsed = began.duration(to: link.scheduler.now)
            if listing.shortfall == nil, cursor != nil, let total = options.limits.total, listing.elapsed > total {
                listing.shortfall = .timeout(total)
            }
        } while cursor != nil && listing.shortfall == nil
        return listing
    }
}

extension Client {
    /// Why a page is not the end of its request: lists are complete or invalid, whatever their revision.
    private func incompleteness(_ members: [(key: String, text: JSONText)], page: Int) -> Listing.Shortfall? {
        guard revision.has(.resultType), let type = members.last(where: { $0.key == "resultType" })?.text,
            type.string != ResultType.complete.rawValue
        else { return nil }
        return .malformed(page: page, reason: "its resultType is \(type), but a list is always complete")
    }
}

/// Notices that a list goes on for ever.
private struct PageGuard {
    let limit: Int
    private var cursors: Set<String> = []
    private var seen: Set<ArraySlice<UInt8>> = []
    private var pagesWithoutNews = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func check(_ items: [JSONText]?, next: JSONText?, page: Int, of kind: ListKind) -> Listing.Shortfall? {
        guard let items else { return .malformed(page: page, reason: "it has no array \"\(kind.rawValue)\"") }
        guard let next, next.kind != .null else { return nil }
        guard let cursor = next.string else { return .malformed(page: page, reason: "its nextCursor is no string") }
        if !cursors.insert(cursor).inserted { return .repeatingCursor(cursor, page: page) }
        let news = items.filter { seen.insert($0.bytes).inserted }.count
        pagesWithoutNews = news == 0 ? pagesWithoutNews + 1 : 0
        if pagesWithoutNews >= 10 { return .repeatingItems(page: page) }
        return page >= limit ? .tooManyPages(limit: limit) : nil
    }
}
