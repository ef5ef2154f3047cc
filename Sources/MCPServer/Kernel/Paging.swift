import JSON
import JSONRPC
import MCP

extension Server {
    /// The page of a list that a cursor stands for, and the cursor of the next one.
    ///
    /// A cursor is the place of its page; the empty one is the beginning. Source: "Pagination", all revisions.
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
            throw .invalidParams(
                "the cursor \"\(cursor)\" was never given by this server; begin again without a cursor"
            )
        }
        return position
    }
}

extension PaginatedParams {
    /// The cursor, checked to be a string if there is one.
    func checkedCursor() throws(RPCError) -> String? {
        if let value = json["cursor"], value.string == nil { throw .invalidParams("\"cursor\" is no string") }
        return cursor
    }
}
