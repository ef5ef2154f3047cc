public import MCPHTTP

/// The identifier of a resource server, which tokens are issued for.
///
/// Source: 2026-07-28, "Authorization", "Canonical Server URI"; RFC 8707, section 2; RFC 9728, section 3.3.
public struct ResourceIdentifier: Sendable, Hashable, CustomStringConvertible {
    /// The text as it is sent.
    public let text: String

    /// The canonical identifier of a server's URL: scheme and host in lowercase, without query, fragment and a lone slash.
    public init(server url: HTTPURL) {
        text = url.path == "/" ? url.origin : url.origin + url.path
    }

    /// An identifier as metadata or a store names it.
    init(verbatim text: String) {
        self.text = text
    }

    /// The identifier.
    public var description: String { text }

    /// How the `resource` of metadata relates to a server.
    enum Match: Sendable, Hashable {
        /// It is the server.
        case same
        /// It is the server, apart from a slash at the end.
        case sameExceptSlash
        /// It contains the server's path.
        case parent
        /// It is another resource; with the reason.
        case other(String)
    }

    /// Compares the `resource` of metadata with the server that it was found for.
    static func match(_ resource: String, server: HTTPURL) -> Match {
        let url: HTTPURL
        do throws(HTTPURL.Fault) {
            url = try HTTPURL(resource)
        } catch {
            return .other("it \(error)")
        }
        if resource.contains("#") { return .other("it has a fragment") }
        guard url.origin == server.origin else { return .other("it has another origin than \(server.origin)") }
        let (path, serverPath) = (withSlash(url.path), withSlash(server.path))
        if path == serverPath {
            return url.path == server.path || url.path == "/" ? .same : .sameExceptSlash
        }
        return serverPath.hasPrefix(path) ? .parent : .other("the path \(server.path) is not below it")
    }

    private static func withSlash(_ path: String) -> String { path.hasSuffix("/") ? path : path + "/" }
}
