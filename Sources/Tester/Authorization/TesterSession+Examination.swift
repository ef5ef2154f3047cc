public import MCPAuth
import MCPHTTP
import MCPHTTPClient
import MCPTransport
import Platform

// Operations on a server's authorization, which need no connection.
extension TesterSession {
    /// Examines the authorization of a server, and says what to fix first.
    ///
    /// - Throws: ``Failure`` of the class `usage` if the target is not a URL.
    public func diagnoseAuth(
        _ request: ConnectRequest,
        as host: HostProfile? = nil,
        registers: Bool = false
    ) async throws(Failure) -> Report {
        let request = withKnownToken(request)
        secrets.add(request.target.secrets)
        let authorization = try await authorization(for: request) ?? Self.noAuthorization
        let doctor = AuthDoctor(of: request.target, authorization, clock: clock)
        return try await doctor.run(as: host, registers: registers)
    }

    /// Audits what a server accepts although it must not.
    ///
    /// - Parameters:
    ///   - issuer: An issuer of test tokens that the server trusts; `nil` to use the token of the target, of a connection
    ///     or of a login.
    ///   - other: A token of another user; `nil` if there is none.
    ///   - revokes: Whether the token is revoked at the end.
    /// - Throws: ``Failure``, for example if the target is not a URL.
    package func auditAuth(
        _ request: ConnectRequest,
        issuer: AuditIssuer? = nil,
        other: String? = nil,
        revokes: Bool = false
    ) async throws(Failure) -> Report {
        secrets.add(request.target.secrets + [other].compactMap { $0.map { Secret($0, .token) } })
        let tokens: AuditTokens
        if let issuer {
            tokens = try AuditTokens(of: issuer)
        } else {
            let request = withKnownToken(request)
            secrets.add(request.target.secrets)
            let authorization = try await authorization(for: request) ?? Self.noAuthorization
            tokens = try await AuditTokens(
                of: request.target,
                given: request.target.bearerToken ?? settings.defaultToken,
                other: other,
                authorization,
                revokes: revokes,
                clock: clock
            )
        }
        let audit = AuthAudit(of: request.target, tokens, clock: clock) { Int64(time(nil)) }
        return try await audit.run(learning: secrets)
    }

    private static var noAuthorization: TargetAuthorization { TargetAuthorization(store: MemoryTokenStore()) }

    /// The request; if it has no credentials, with those of a connection of this session to the same URL.
    private func withKnownToken(_ request: ConnectRequest) -> ConnectRequest {
        guard let url = request.target.endpoint?.url, request.target.authType == nil, request.authorization == nil,
            let known = connections.last(where: { $0.request.target.endpoint?.url == url })?.request
        else { return request }
        var request = request
        request.authorization = known.authorization
        if let token = known.target.bearerToken { request.target.authorize(bearer: token) }
        return request
    }
}
