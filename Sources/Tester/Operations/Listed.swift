public import JSON
public import MCPClient

extension TesterSession {
    /// The items of a list as the target sent them: as listed before, or listed now if they were not or have changed since.
    ///
    /// For completions: nothing is reported, and a failed list is empty.
    public func listed(_ kind: ListKind, on name: String? = nil) async -> [JSONText] {
        guard let connection = registry.find(name) else { return [] }
        if let surface = connection.surface(kind), surface.listing.shortfall == nil { return surface.listing.items }
        guard connection.client.link.end == nil else { return connection.formerSurface(kind)?.listing.items ?? [] }
        return await fetch(kind, Operation(connection)).listing.items
    }
}
