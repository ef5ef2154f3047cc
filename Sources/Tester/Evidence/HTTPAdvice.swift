import JSON
import MCPHTTP
import MCPHTTPClient
import MCPTransport

/// The one thing to try after a failed HTTP exchange, decided by the kind of failure, the status and the URL.
struct HTTPAdvice {
    private let problem: TransportFailure
    private let endpoint: HTTPEndpoint
    private let url: HTTPURL
    /// Whether the endpoint worked before, so that its URL is right.
    private let isConnected: Bool

    /// Creates advice; `nil` for a target that is not reached over HTTP.
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

    /// What to try next: a status is explained here, what prevented a connection by the transport.
    var text: String {
        renewal ?? byStatus ?? afterConnecting ?? problem.advice ?? byKind
    }

    /// What to try if a refused token could not be replaced.
    private var renewal: String? { problem.evidence["authorization"] == nil ? nil : problem.advice }

    /// What to try if the same endpoint worked before.
    private var afterConnecting: String? {
        guard isConnected, problem.kind == .content else { return nil }
        return problem.evidence["body"] == nil
            ? "Look for this request in the log of the server, or of a proxy in between."
            : "Respond with one complete JSON-RPC message. The actual body is in evidence.exchange."
    }

    /// What to try if a message came with a status that says what is wrong; `nil` for other statuses.
    static func text(forStatus status: Int?, target: Target) -> String? {
        guard let status else { return nil }
        let problem = TransportFailure(.status, "", evidence: ["status": JSONValue(status)])
        return HTTPAdvice(problem, target: target)?.byStatus
    }

    /// What finds the cause of a failed authorization.
    static func findCause(at url: HTTPURL) -> String { "To find the cause, run mcp-test-mcp auth doctor \(url)." }

    // MARK: - By status

    private var byStatus: String? {
        switch problem.evidence["status"]?.int {
        case 401?:
            hasCredentials
                ? "Check the token: the server rejected it. Is it complete, for this server, and not expired? "
                    + Self.findCause(at: url)
                : "Give a token: auth in connect_to_server, --auth-token @FILE on the command line, or MCP_TEST_AUTH_TOKEN. "
                    + "Or log in once: mcp-test-mcp auth login \(url). If that fails, run mcp-test-mcp auth doctor \(url)."
        case 403?:
            "Check the server's log to see why it refuses: missing permissions of the token, or a Host or Origin check. "
                + Self.findCause(at: url)
        case 404? where problem.kind != .sessionLost && isConnected:
            "The endpoint worked before. Check the log of the server, or of a proxy in between, to see why it returned 404."
        case 404? where problem.kind != .sessionLost: notFound
        case 405? where isConnected:
            "The endpoint accepted a POST before. Check the log of the server, or of a proxy in between, to see why not now."
        case 405?:
            if endpoint.transport == .sse {
                "This URL does not return an event stream for a GET. Try \(url.with(path: "/sse")), or transport streamable-http."
            } else {
                "This URL does not accept POST. If the server uses HTTP+SSE, set transport to sse and use its URL (usually "
                    + "\(url.with(path: "/sse"))). Otherwise check the path."
            }
        case 406?:
            "Accept the header \"application/json, text/event-stream\", which every client must send."
        case 415?: "Accept the content type application/json, which every message has."
        case 421?:
            "Add \(url.authority) to the allowed hosts of the server, or use a host name that it allows."
        case 413?: "Send less, or make the server accept larger bodies."
        case 429?: "Wait, and send the request again: the server reports too many requests."
        case let status? where status >= 500:
            "Read the server's log for the cause of status \(status). The response body is in evidence.exchange."
        default: nil
        }
    }

    private var notFound: String {
        switch url.path {
        case "/": "Is the endpoint \(url.with(path: "/mcp"))? Give the URL with its path."
        case "/sse", "/sse/":
            "Is the endpoint \(url.with(path: "/mcp"))? Few servers still use HTTP+SSE. Give the URL with the right path."
        case "/mcp":
            "Check the path: some servers use \(url.with(path: "/mcp/")), older ones \(url.with(path: "/sse"))."
        case let path where path.hasSuffix("/"):
            "Try \(url.with(path: String(path.dropLast()))), without the trailing slash."
        default: "Check the path: the endpoint of most servers is \(url.with(path: "/mcp"))."
        }
    }

    private var hasCredentials: Bool {
        url.userInformation != nil || endpoint.tokens?.current != nil
            || endpoint.headers.contains { $0.isAuthorization || $0.namesCredential }
    }

    // MARK: - By kind

    private var byKind: String {
        switch problem.kind {
        case .unknownHost: "Check the spelling of \"\(url.host)\", and whether this machine can resolve it."
        case .refused:
            ["localhost", "127.0.0.1", "::1"].contains(url.host)
                ? "Start the server. Check its port, and whether it listens on 127.0.0.1 or ::1."
                : "Start the server. Check its port and the address that it listens on."
        case .unreachable: "Check the address, the network, and firewalls."
        case .tls:
            "Trust the server's certificate with --ca FILE (ca_file), or skip verification with --insecure (insecure). "
                + "If the server does not use TLS, write http:// in the URL."
        case .proxy: "Check the proxy in HTTPS_PROXY or http_proxy, or add the host to NO_PROXY."
        case .redirected:
            "Use the URL that the redirect points to. Redirects to the same origin are followed with --follow-redirects "
                + "(follow_redirects)."
        case .unauthorized: "Give a token, or check the given one."
        case .forbidden: "Check the server's log to see why it refuses."
        case .sessionLost: "Connect again: the server no longer knows the session."
        case .status, .content:
            "Check that the URL is the MCP endpoint, not a web page. The response is in evidence.exchange."
        case .broken where !isConnected && !url.isSecure && problem.evidence["status"] == nil:
            "Check the server's log to see why it closed the connection. If it uses TLS, write https:// in the URL."
        case .broken:
            "Check the log of the server, or of a proxy in between, to see why the response was cut off. Then send the request again."
        case .tooLarge: "Make the server send less, or raise --max-response."
        case .closed: "Connect again."
        case .usage: problem.advice ?? "Correct the connection settings, and connect again."
        case .spawn: "Correct the command, its path, or its working directory, and connect again."
        }
    }
}
