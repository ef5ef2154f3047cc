import MCPHTTP

/// The URLs at which metadata is looked for.
///
/// Source: RFC 9728, section 3.1; RFC 8414, sections 3 and 5; OpenID Connect Discovery 1.0, section 4.
enum WellKnown {
    /// Where protected resource metadata of a server can be, in order.
    static func resource(_ server: HTTPURL) -> [HTTPURL] {
        let name = "/.well-known/oauth-protected-resource"
        return server.path == "/" ? [at(name, server)] : [at(name + server.path, server), at(name, server)]
    }

    /// Where the metadata of an issuer can be, in order.
    static func server(_ issuer: HTTPURL) -> [HTTPURL] {
        let path = issuer.path.hasSuffix("/") ? String(issuer.path.dropLast()) : issuer.path
        let (oauth, openID) = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")
        guard !path.isEmpty else { return [at(oauth, issuer), at(openID, issuer)] }
        return [at(oauth + path, issuer), at(openID + path, issuer), at(path + openID, issuer)]
    }

    /// A path at the origin of a URL.
    static func at(_ path: String, _ url: HTTPURL) -> HTTPURL {
        var url = url
        url.userInformation = nil
        url.path = path
        url.query = nil
        return url
    }
}
