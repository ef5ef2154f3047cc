import JSON
import MCPHTTP
import MCPHTTPClient
import MCPTransport

/// The one thing to try when an exchange over HTTP brought no message, told from its kind, its status and the URL.
struct HTTPAdvice {
    private let problem: TransportFailure
    private let endpoint: HTTPEndpoint
    private let url: HTTPURL
    /// Whether the endpoint has spoken the protocol before, so that nothing is wrong with its address.
    private let isConnected: Bool

    /// Creates advice; nothing for a target that is not reached over HTTP.
    init?(_ problem: TransportFailure, target: Target, isConnected: Bool = false) {
        guard let endpoint = target.endpoint else { return nil }
        do throws(Failure) {
            url = try HTTPURL(target: endpoint.url)
        } catch {
            return nil
        }
        self.problem = problem
        self.endpoint = endpoint
        self.isConnected = isConnected
    }

    /// What to try next.
    ///
    /// What a status means at this URL is known best here, what stood in the way of a connection is known best there.
    var text: String {
        byStatus ?? afterConnecting ?? problem.advice ?? byKind
    }

    /// What to try next where the same endpoint answered before as it should.
    private var afterConnecting: String? {
        guard isConnected, problem.kind == .content else { return nil }
        return problem.evidence["body"] == nil
            ? "See in the server's log, or in a proxy's on the way, what became of this request."
            : "Let the server answer with one whole message of JSON-RPC; what came instead is in the evidence."
    }

    /// What to try next where a message came with a status that itself says what is wrong; nothing for others.
    static func text(forStatus status: Int?, target: Target) -> String? {
        guard let status else { return nil }
        let problem = TransportFailure(.status, "", evidence: ["status": JSONValue(status)])
        return HTTPAdvice(problem, target: target)?.byStatus
    }

    // MARK: - By status

    private var byStatus: String? {
        switch problem.evidence["status"]?.int {
        case 401?:
            hasCredentials
                ? "Check the token: the server does not take it (is it complete, of this server, and not expired?)."
                : "Give a token: auth of connect_to_server, --auth-token @FILE at the command line, or MCP_TEST_AUTH_TOKEN."
        case 403?:
            "See in the server's log why it refuses: a token without the right to this, or a check of Host or Origin."
        case 404? where problem.kind != .sessionLost && isConnected:
            "The endpoint answered before: see in the server's log, or in a proxy's on the way, why this was not found."
        case 404? where problem.kind != .sessionLost: notFound
        case 405? where isConnected:
            "The endpoint took a POST before: see in the server's log, or in a proxy's on the way, why not this one."
        case 405?:
            if endpoint.transport == .sse {
                "This URL gives no stream of events to a GET: try \(url.with(path: "/sse")), or the transport streamable-http."
            } else {
                "This URL takes no POST: if the server speaks HTTP+SSE, use the transport sse and its URL (usually "
                    + "\(url.with(path: "/sse"))); else check the path."
            }
        case 406?:
            "Let the server accept \"application/json, text/event-stream\": that is what every client must send."
        case 415?: "Let the server take application/json: that is the content type of every message."
        case 421?:
            "Add \(url.authority) to the hosts that the server answers to, or address it by a name that it knows."
        case 413?: "Send less, or let the server take larger bodies."
        case 429?: "Wait, then ask again: the server says that there were too many requests."
        case let status? where status >= 500:
            "Read the server's own log for the cause of status \(status); the body it sent is in the evidence."
        default: nil
        }
    }

    private var notFound: String {
        switch url.path {
        case "/": "Is the endpoint \(url.with(path: "/mcp"))? Give the URL with its path."
        case "/sse", "/sse/":
            "Is the endpoint \(url.with(path: "/mcp"))? Few servers still speak HTTP+SSE; give the URL with the right path."
        case "/mcp":
            "Check the path: some servers want \(url.with(path: "/mcp/")), older ones \(url.with(path: "/sse"))."
        case let path where path.hasSuffix("/"):
            "Try \(url.with(path: String(path.dropLast()))), without the slash at the end."
        default: "Check the path: most servers have their endpoint at \(url.with(path: "/mcp"))."
        }
    }

    private var hasCredentials: Bool {
        url.userInformation != nil || endpoint.headers.contains(where: \.isAuthorization)
    }

    // MARK: - By kind

    private var byKind: String {
        switch problem.kind {
        case .unknownHost: "Check the spelling of \"\(url.host)\", and that this machine can resolve it."
        case .refused:
            ["localhost", "127.0.0.1", "::1"].contains(url.host)
                ? "Start the server, check its port, and whether it listens on 127.0.0.1 or on ::1."
                : "Start the server, and check its port and the address that it listens on."
        case .unreachable: "Check the address, and the network or firewall on the way to it."
        case .tls:
            "Trust the server's certificate with --ca FILE (ca_file), or do without proof of who it is: --insecure "
                + "(insecure). A server without TLS has an http:// URL."
        case .proxy: "Check the proxy in HTTPS_PROXY or http_proxy, or name the host in NO_PROXY."
        case .redirected:
            "Give the URL that it points to; a redirect to the same origin is followed with --follow-redirects "
                + "(follow_redirects)."
        case .unauthorized: "Give a token, or check the one that was given."
        case .forbidden: "See in the server's log why it refuses."
        case .sessionLost: "Connect again: the server does not know the session any more."
        case .status, .content:
            "Check that the URL is that of the MCP endpoint and not of a web page; what came is in the evidence."
        case .broken where !isConnected && !url.isSecure && problem.evidence["status"] == nil:
            "See in the server's log why it closed the connection; if it speaks TLS, its URL begins with https://."
        case .broken: "See in the server's log, and in a proxy on the way, why the answer broke off; then ask again."
        case .tooLarge: "Let the server send less, or take more with --max-message."
        case .closed: "Connect again."
        case .usage: problem.advice ?? "Correct what was given for the connection, then connect again."
        case .spawn: "Correct the command, its path or its working directory, then connect again."
        }
    }
}
