import AsyncRuntime
public import JSON

/// All pages of a list that could be fetched.
public struct Listing: Sendable {
    /// The items in order, as received.
    public var items: [JSONText] = []
    /// The results of the pages, as received.
    public var pages: [JSONText] = []
    /// Why the list is incomplete; nil if it is complete.
    public var shortfall: Shortfall?
    /// The time from the first request to the last response.
    public var elapsed: Duration = .zero

    /// Creates an empty list.
    public init() {}

    /// Why a list is incomplete.
    public enum Shortfall: Sendable {
        /// The request for a page failed; the pages before it are there.
        case failed(CallError)
        /// A page has no array of items.
        case malformed(page: Int, reason: String)
        /// A page repeats the cursor of an earlier page, so that the list never ends.
        case repeatingCursor(String, page: Int)
        /// Page after page has only items that were listed before.
        case repeatingItems(page: Int)
        /// The list has more pages than the limit.
        case tooManyPages(limit: Int)
        /// The list has more items than the limit; so many of the page were omitted, and all pages after it.
        case tooManyItems(limit: Int, page: Int, omitted: Int)
        /// The list has more bytes than the limit; so many items of the page were omitted, and all pages after it.
        case tooLarge(limit: Int, page: Int, omitted: Int)
        /// The time limit of the whole operation passed.
        case timeout(Duration)
    }
}

extension Listing.Shortfall: CustomStringConvertible {
    /// Why the list is incomplete, as a clause that starts in lower case.
    public var description: String {
        switch self {
        case .failed(let error): error.description
        case .malformed(let page, let reason): "page \(page) of the list is malformed: \(reason)"
        case .repeatingCursor(let cursor, let page):
            "page \(page) repeats the cursor \(JSONValue.string(cursor)), so the list never ends"
        case .repeatingItems(let page):
            "the last pages up to page \(page) have only items that were listed before, so the list never ends"
        case .tooManyPages(let limit): "the list has more than \(limit) pages"
        case .tooManyItems(let limit, let page, let omitted):
            "the list has more than \(limit) items; \(Self.omission(omitted, page))"
        case .tooLarge(let limit, let page, let omitted):
            "the list is larger than \(limit >> 20) MiB; \(Self.omission(omitted, page))"
        case .timeout(let limit): "the list was not complete within \(limit.seconds)"
        }
    }

    private static func omission(_ count: Int, _ page: Int) -> String {
        guard count > 0 else { return "all pages after page \(page) were omitted" }
        return "\(count) item\(count == 1 ? "" : "s") of page \(page) and all later pages were omitted"
    }
}
