import JSON
import JSONRPC
import MCP

extension Server {
    /// Returns the page at a cursor, and the cursor of the next page.
    ///
    /// A cursor encodes the offset of its page. The empty cursor is the first page. Source: "Pagination", all revisions.
    func page<Item>(_ items: [Item], from cursor: String?) throws(RPCError) -> (items: ArraySlice<Item>, next: String?)
    {
        let size = max(1, pageSize ?? items.count)
        let start = try cursor.map { cursor throws(RPCError) in try Self.position(cursor, size, items.count) } ?? 0
        let end = min(start + size, items.count)
        return (items[start..<end], end < items.count ? "\(Self.prefix)\(end)" : nil)
    }

    private static var prefix: String { "from-" }

    private static func position(_ cursor: String, _ size: Int, _ count: Int) throws(RPCError) -> Int {
        if cursor.isEmpty { return 0 }
        let digits = cursor.dropFirst(prefix.count)
        guard cursor.hasPrefix(prefix), let position = Int(digits), String(position) == digits, position < count,
            position > 0, position % size == 0
        else {
            throw .invalidParams("unknown cursor \"\(cursor)\"; omit `cursor` to get the first page")
        }
        return position
    }
}

extension PaginatedParams {
    /// The cursor, checked to be a string if present.
    func checkedCursor() throws(RPCError) -> String? {
        if let value = json["cursor"], value.string == nil { throw .invalidParams("`cursor` must be a string") }
        return cursor
    }
}
