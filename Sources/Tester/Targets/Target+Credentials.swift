import MCPHTTP
public import MCPHTTPClient

extension Target {
    /// The authentication scheme, such as `bearer`; `nil` without credentials.
    public var authType: String? {
        guard let endpoint else { return nil }
        if let field = endpoint.headers.last(where: \.isAuthorization) {
            let scheme = field.value.prefix { $0 != " " }.lowercased()
            return ["bearer", "basic", "digest"].contains(scheme) ? scheme : "custom"
        }
        if endpoint.tokens?.current != nil { return "bearer" }
        return hasCredentialsInURL ? "basic" : nil
    }

    /// The bearer token among the headers; `nil` if there is none.
    var bearerToken: String? {
        guard let value = endpoint?.headers.last(where: \.isAuthorization)?.value,
            value.prefix(7).lowercased() == "bearer "
        else { return nil }
        return String(value.dropFirst(7))
    }

    /// Replaces all credentials by a bearer token; does nothing for a process.
    public mutating func authorize(bearer token: String) {
        guard case .http(var endpoint) = kind else { return }
        endpoint.headers.removeAll(where: \.isAuthorization)
        endpoint.headers.append(HTTPField("Authorization", "Bearer \(token)"))
        kind = .http(endpoint)
    }

    /// Sends access tokens, which can be replaced while a connection is open; does nothing for a process.
    mutating func authorize(by tokens: AccessTokens) {
        guard case .http(var endpoint) = kind else { return }
        endpoint.tokens = tokens
        kind = .http(endpoint)
    }

    /// Removes access tokens and the `Authorization` headers.
    mutating func removeAuthorization() {
        guard case .http(var endpoint) = kind else { return }
        endpoint.tokens = nil
        endpoint.headers.removeAll(where: \.isAuthorization)
        kind = .http(endpoint)
    }

    private var hasCredentialsInURL: Bool {
        guard let endpoint else { return false }
        do throws(Failure) {
            return try HTTPURL(target: endpoint.url).userInformation != nil
        } catch {
            return false
        }
    }
}

extension HTTPField {
    /// Whether this is the `Authorization` field.
    public var isAuthorization: Bool { name.lowercased() == "authorization" }

    /// Whether the name says that the value is a credential, such as `X-API-Key`.
    var namesCredential: Bool {
        let name = name.lowercased()
        return ["api-key", "apikey", "token", "auth", "cookie", "secret"].contains { name.contains($0) }
    }
}
