/// Keeps authorizations, each under its issuer, resource and client.
public protocol TokenStore: Sendable {
    /// All authorizations, in the order in which they were saved first.
    func authorizations() async throws(AuthFailure) -> [Authorization]

    /// Saves an authorization in place of the one with the same key.
    func save(_ authorization: Authorization) async throws(AuthFailure)

    /// Removes the authorization with a key.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    func remove(_ key: Authorization.Key) async throws(AuthFailure) -> Bool

    /// Checks that the store can be used, before a request whose result it must keep.
    ///
    /// - Parameter isForSaving: Whether something will be saved; if the store needs a key and has none, it creates one.
    /// - Throws: ``AuthFailure`` if the store cannot be used.
    func check(isForSaving: Bool) async throws(AuthFailure)

    /// Runs a closure while no other user of the store does, in this process or another one.
    ///
    /// Renewing a token must be exclusive: a refresh token that is used twice is revoked by many servers.
    func exclusively<Value: Sendable>(
        _ body: @Sendable () async throws(AuthFailure) -> Value
    ) async throws(AuthFailure) -> Value
}

extension TokenStore {
    /// The authorizations for a server's URL, the newest last.
    public func authorizations(for server: ResourceIdentifier) async throws(AuthFailure) -> [Authorization] {
        try await authorizations().filter { $0.server == server }
    }

    /// The authorization with a key.
    public func authorization(_ key: Authorization.Key) async throws(AuthFailure) -> Authorization? {
        try await authorizations().first { $0.key == key }
    }
}
