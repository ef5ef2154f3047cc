import MCPHTTP
public import MCPTransport
import NIOHTTP1

/// An endpoint that has been checked: its URL, its headers and its proxy can be used.
final class HTTPTarget: Sendable {
    let endpoint: HTTPEndpoint
    let url: HTTPURL
    /// The headers of the user; user information of the URL is among them as `Authorization`.
    let fields: [HTTPField]
    /// The access token of the endpoint; nil if the user's headers have credentials.
    let tokens: AccessTokens?
    /// The lowercase names of these headers, with that of the token.
    let userFields: Set<String>
    let route: ProxyRoute
    /// Removes the credentials of the endpoint and its proxy from text that a server sends back.
    let secrets: SecretRedactor

    init(_ endpoint: HTTPEndpoint) throws(TransportFailure) {
        self.endpoint = endpoint
        do throws(HTTPURL.Fault) {
            url = try HTTPURL(endpoint.url)
        } catch {
            throw TransportFailure(
                .usage,
                "the URL \(Redaction.malformedURL(endpoint.url)) \(error)",
                advice: "Give a URL such as http://localhost:8000/mcp."
            )
        }
        for field in endpoint.headers { try Self.check(field) }
        var fields = endpoint.headers
        if let user = url.userInformation, !fields.contains(where: { $0.name.lowercased() == "authorization" }) {
            fields.append(HTTPField("Authorization", user.basicCredentials))
        }
        self.fields = fields
        var names = Set(fields.map { $0.name.lowercased() })
        tokens = names.contains("authorization") ? nil : endpoint.tokens
        if tokens != nil { names.insert("authorization") }
        userFields = names
        route = try ProxyRoute(to: url, endpoint.proxy)
        var secrets = SecretRedactor()
        for field in fields { secrets.add(field: field.name, field.value) }
        // Later tokens are hidden in the exchanges that carry them.
        if let field = tokens?.field { secrets.add(field: "Authorization", field) }
        secrets.add(url)
        if let proxy = route.proxy { secrets.add(proxy) }
        self.secrets = secrets
    }

    /// Adds the headers of the user with the token, and a `User-Agent` if none of them is one.
    func addFields(to headers: inout HTTPHeaders) {
        for field in fields { headers.add(name: field.name, value: field.value) }
        if let tokens, let field = tokens.field { headers.add(name: "Authorization", value: field) }
        if !userFields.contains("user-agent") { headers.add(name: "User-Agent", value: "mcp-test-mcp") }
    }

    /// The lowercase names of the headers that the user set for a request, with those of one call.
    func userFields(of head: FrameHead) -> Set<String> {
        head.fields.isEmpty ? userFields : userFields.union(head.fields.map { $0.name.lowercased() })
    }
}

// MARK: - Checks

extension HTTPTarget {
    /// Rejects a header of an endpoint that cannot be sent, or that would replace one of the protocol.
    private static func check(_ field: HTTPField) throws(TransportFailure) {
        try checkForm(field)
        let name = field.name.lowercased()
        if ownFields.contains(name) || name.hasPrefix("mcp-param-") {
            throw TransportFailure(
                .usage,
                "the header \(field.name) is set by the transport",
                advice: "Remove it. To override it for one call, use the headers of that call."
            )
        }
    }

    /// Rejects the headers of one call that cannot be sent.
    ///
    /// Any other header is allowed, so that a server can be tested with wrong ones.
    static func checkFields(of head: FrameHead) throws(TransportFailure) {
        for field in head.fields {
            try checkForm(HTTPField(field.name, field.value))
            if framing.contains(field.name.lowercased()) {
                throw TransportFailure(
                    .usage,
                    "the header \(field.name) belongs to the HTTP framing and cannot be overridden"
                )
            }
        }
    }

    /// Names the header, never its value.
    private static func checkForm(_ field: HTTPField) throws(TransportFailure) {
        let isToken = { (byte: UInt8) in byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte) }
        let nameStart = field.name.utf8.prefix(while: isToken)
        guard !field.name.isEmpty, nameStart.endIndex == field.name.endIndex else {
            // What follows the first invalid character may be a value.
            let shown = field.name.isEmpty ? "an empty text" : "\"\(Substring(nameStart))…\""
            throw TransportFailure(.usage, "\(shown) is not a valid header name")
        }
        guard let byte = field.value.utf8.first(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else { return }
        let character =
            switch byte {
            case 0x00: "a NUL character"
            case 0x0A, 0x0D: "a line break"
            default: "a control character"
            }
        throw TransportFailure(.usage, "the value of the header \(field.name) contains \(character)")
    }

    private static let framing: Set<String> = ["content-length", "transfer-encoding", "connection", "upgrade", "te"]
    private static let ownFields: Set<String> = framing.union([
        "host", "content-type", "accept", "mcp-session-id", "mcp-protocol-version", "mcp-method", "mcp-name",
        "last-event-id",
    ])
}

extension HTTPEndpoint {
    /// Why the endpoint cannot be used, found without sending anything; nil if it can be tried.
    ///
    /// Opening a transport throws the same ``TransportFailure`` of the kind `usage` or `proxy`.
    public var fault: TransportFailure? {
        do throws(TransportFailure) {
            _ = try HTTPTarget(self)
            return nil
        } catch {
            return error
        }
    }

    /// The URL without its secrets, even if it is malformed.
    var shownURL: String {
        do throws(HTTPURL.Fault) {
            return try HTTPURL(url).description
        } catch {
            return Redaction.malformedURL(url)
        }
    }
}
