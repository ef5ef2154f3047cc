import JSON
import MCP

/// Takes the pages of a list within limits, and notices a list that never ends.
struct PageGuard {
    let limits: ListLimits
    private var cursors: Set<String> = []
    private var seen: Set<ArraySlice<UInt8>> = []
    private var pagesWithoutNews = 0
    private var bytes = 0

    init(limits: ListLimits) {
        self.limits = limits
    }

    /// Adds a page to a listing, as far as the limits allow.
    ///
    /// - Returns: The cursor of the next page; nil if there is none or the listing has a shortfall.
    mutating func take(_ page: JSONText, of kind: ListKind, isChecked: Bool, into listing: inout Listing) -> String? {
        // Read once: a page may be long.
        let (members, items) = page.members(withElementsOf: kind.rawValue) ?? ([], nil)
        let next = members.last { $0.key == "nextCursor" }?.text
        let number = listing.pages.count + 1
        let fitting = fit(items ?? [], in: listing)
        listing.items += fitting.items
        // A page that was cut would still hold the memory of all its items.
        if fitting.shortfall == nil { listing.pages.append(page) }
        bytes += page.bytes.count
        listing.shortfall =
            fitting.shortfall
            ?? (isChecked ? incompleteness(members, page: number) : nil)
            ?? check(items, next: next, page: number, of: kind)
        return listing.shortfall == nil ? next?.string : nil
    }

    /// The items of a page that the limits still allow, copied out of the page if they are not all.
    private func fit(_ items: [JSONText], in listing: Listing) -> (items: [JSONText], shortfall: Listing.Shortfall?) {
        let page = listing.pages.count + 1
        var room = limits.bytes - bytes
        var count = 0
        for item in items {
            room -= item.bytes.count
            guard room >= 0, listing.items.count + count < limits.items else { break }
            count += 1
        }
        guard count < items.count else { return (items, nil) }
        let omitted = items.count - count
        let shortfall: Listing.Shortfall =
            room < 0
            ? .tooLarge(limit: limits.bytes, page: page, omitted: omitted)
            : .tooManyItems(limit: limits.items, page: page, omitted: omitted)
        return (items.prefix(count).map(\.copied), shortfall)
    }

    /// A list is complete or invalid: it never requires input or becomes a task.
    private func incompleteness(_ members: [(key: String, text: JSONText)], page: Int) -> Listing.Shortfall? {
        guard let type = members.last(where: { $0.key == "resultType" })?.text,
            type.string != ResultType.complete.rawValue
        else { return nil }
        return .malformed(page: page, reason: "its resultType is \(type), but a list is always complete")
    }

    private mutating func check(
        _ items: [JSONText]?,
        next: JSONText?,
        page: Int,
        of kind: ListKind
    ) -> Listing.Shortfall? {
        guard let items else { return .malformed(page: page, reason: "it has no array \"\(kind.rawValue)\"") }
        guard let next, next.kind != .null else { return nil }
        guard let cursor = next.string else { return .malformed(page: page, reason: "its nextCursor is not a string") }
        if !cursors.insert(cursor).inserted { return .repeatingCursor(cursor, page: page) }
        let news = items.filter { seen.insert($0.bytes).inserted }.count
        pagesWithoutNews = news == 0 ? pagesWithoutNews + 1 : 0
        if pagesWithoutNews >= 10 { return .repeatingItems(page: page) }
        if page >= limits.pages { return .tooManyPages(limit: limits.pages) }
        if bytes >= limits.bytes { return .tooLarge(limit: limits.bytes, page: page, omitted: 0) }
        if seen.count >= limits.items { return .tooManyItems(limit: limits.items, page: page, omitted: 0) }
        return nil
    }
}

extension JSONText {
    /// The same text with bytes of its own, which do not keep the text around it in memory.
    fileprivate var copied: JSONText { JSONText(checked: Array(bytes)[...]) }
}
