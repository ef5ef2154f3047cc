import MCPHTTP
public import MCPHTTPClient

extension Target {
    /// How we say who we are, by the name of the scheme; nothing if we do not.
    public var authType: String? {
        guard let endpoint else { return nil }
        if let field = endpoint.headers.last(where: \.isAuthorization) {
            let scheme = field.value.prefix { $0 != " " }.lowercased()
            return ["bearer", "basic", "digest"].contains(scheme) ? scheme : "custom"
        }
        return hasCredentialsInURL ? "basic" : nil
    }

    /// Sets the token by which we say who we are, in place of whatever did before; nothing for a process.
    public mutating func authorize(bearer token: String) {
        guard case .http(var endpoint) = kind else { return }
        endpoint.headers.removeAll(where: \.isAuthorization)
        endpoint.headers.append(HTTPField("Authorization", "Bearer \(token)"))
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
    /// Tells whether the field says who we are.
    public var isAuthorization: Bool { name.lowercased() == "authorization" }
}
