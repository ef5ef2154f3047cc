import MCPHTTP
public import MCPTransport

/// An endpoint after it was checked: what is wrong with it is said before anything is sent.
struct HTTPTarget: Sendable {
    let endpoint: HTTPEndpoint
    let url: HTTPURL
    /// The fields of the user, and what stood before the host as the field that says the same.
    let fields: [HTTPField]
    let route: ProxyRoute

    init(_ endpoint: HTTPEndpoint) throws(TransportFailure) {
        self.endpoint = endpoint
        do throws(HTTPURL.Fault) {
            url = try HTTPURL(endpoint.url)
        } catch {
            throw TransportFailure(
                .usage,
                "the URL \(Redaction.reference(endpoint.url)) \(error)",
                advice: "Give a URL such as http://localhost:8000/mcp."
            )
        }
        for field in endpoint.headers { try Self.check(field) }
        var fields = endpoint.headers
        if let user = url.userInformation, !fields.contains(where: { $0.name.lowercased() == "authorization" }) {
            fields.append(HTTPField("Authorization", user.basicCredentials))
        }
        self.fields = fields
        route = try ProxyRoute(to: url, endpoint.proxy)
    }

    /// Refuses a field of an endpoint that cannot be sent, or that would take the place of one of the protocol's.
    private static func check(_ field: HTTPField) throws(TransportFailure) {
        try checkForm(field)
        let name = field.name.lowercased()
        if ours.contains(name) || name.hasPrefix("mcp-param-") {
            throw TransportFailure(
                .usage,
                "the header \(field.name) is set by the transport itself",
                advice: "Leave it out; for one call it can be overridden by the call's own headers."
            )
        }
    }

    /// Refuses a field of one call that cannot be sent; any that can be is sent, for servers are tested with wrong ones.
    static func checkForOneCall(_ field: HTTPField) throws(TransportFailure) {
        try checkForm(field)
        if framing.contains(field.name.lowercased()) {
            throw TransportFailure(.usage, "the header \(field.name) belongs to the framing and cannot be overridden")
        }
    }

    private static func checkForm(_ field: HTTPField) throws(TransportFailure) {
        let isToken = { (byte: UInt8) in byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte) }
        guard !field.name.isEmpty, field.name.utf8.allSatisfy(isToken) else {
            throw TransportFailure(.usage, "\"\(field.name)\" is no name that a header can have")
        }
        guard field.value.utf8.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else {
            throw TransportFailure(.usage, "the value of the header \(field.name) has a control character in it")
        }
    }

    private static let framing: Set<String> = ["content-length", "transfer-encoding", "connection", "upgrade", "te"]
    private static let ours: Set<String> = framing.union([
        "host", "content-type", "accept", "mcp-session-id", "mcp-protocol-version", "mcp-method", "mcp-name",
        "last-event-id",
    ])
}

extension HTTPEndpoint {
    /// What keeps the endpoint from being used, before anything is sent; nothing if it can be tried.
    ///
    /// Opening a transport says the same, as a ``TransportFailure`` of the kind `usage` or `proxy`.
    public var fault: TransportFailure? {
        do throws(TransportFailure) {
            _ = try HTTPTarget(self)
            return nil
        } catch {
            return error
        }
    }
}
