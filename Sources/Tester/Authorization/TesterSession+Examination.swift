public import MCPAuth
import MCPHTTP
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
        secrets.add(request.target.secrets)
        let doctor = AuthDoctor(of: request.target, authorization(for: request), clock: clock)
        return try await doctor.run(as: host, registers: registers)
    }

    /// Audits what a server accepts although it must not.
    ///
    /// - Parameters:
    ///   - issuer: An issuer of test tokens that the server trusts; `nil` to use the token of the target or of a login.
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
            tokens = try await AuditTokens(
                of: request.target,
                given: request.target.bearerToken ?? settings.defaultToken,
                other: other,
                authorization(for: request),
                revokes: revokes,
                clock: clock
            )
        }
        let audit = AuthAudit(of: request.target, tokens, clock: clock) { Int64(time(nil)) }
        return try await audit.run(learning: secrets)
    }

    /// The given way to get tokens, or that of the settings.
    ///
    /// The tokens that the local user logged in for are not for others who use this program over HTTP.
    private func authorization(for request: ConnectRequest) -> TargetAuthorization {
        request.authorization ?? (principal == .local ? settings.authorization : nil)
            ?? TargetAuthorization(store: MemoryTokenStore())
    }
}
