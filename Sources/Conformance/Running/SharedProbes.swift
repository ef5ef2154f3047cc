/// What was asked of the server once for all revisions, because the revision makes no difference.
final class SharedProbes {
    private var known: [String: [Exchange]] = [:]

    /// The exchanges with a name.
    ///
    /// - Parameter make: Makes them the first time.
    func exchanges(_ name: String, _ make: () async throws -> [Exchange]) async rethrows -> [Exchange] {
        if let exchanges = known[name] { return exchanges }
        let exchanges = try await make()
        known[name] = exchanges
        return exchanges
    }
}
