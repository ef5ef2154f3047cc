import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPAuth
import MCPHTTP
import MCPHTTPClient
import MCPTransport

/// Sends the requests of an audit: only such that read, and only so many.
final class AuditProbe {
    /// The maximum number of requests.
    static let limit = 60
    /// The timeout of one request.
    private static let timeout = Duration.seconds(15)

    /// The request that begins a conversation in the era of the server.
    enum Opening {
        case initialize
        case discover
    }

    /// A response, as far as an audit looks at it.
    struct Response {
        var status: Int
        var challenges: Challenges
        var session: String?
        /// Whether the body is a JSON-RPC result.
        var isResult: Bool
        /// The revision in the result of `initialize`.
        var revision: String?
    }

    private let endpoint: HTTPEndpoint
    let url: HTTPURL
    private let clock: any Scheduler
    private(set) var count = 0

    init(_ endpoint: HTTPEndpoint, _ clock: any Scheduler) throws(Failure) {
        var endpoint = endpoint
        endpoint.headers.removeAll(where: \.isAuthorization)
        self.endpoint = endpoint
        self.clock = clock
        url = try HTTPURL(target: endpoint.url)
    }

    /// Opens a conversation, and closes the session if one was opened.
    ///
    /// - Parameter keepsSession: Leaves it open.
    func open(
        _ opening: Opening,
        token: String?,
        inQuery: Bool = false,
        keepsSession: Bool = false
    ) async throws(AuditFault) -> Response {
        let response = try await send(message(opening), fields(opening), token: token, inQuery: inQuery)
        if let session = response.session, !keepsSession { try await close(session, token: token) }
        return response
    }

    /// Sends `ping` in a session.
    func ping(_ session: String, _ revision: String?, token: String?) async throws(AuditFault) -> Response {
        let version = revision ?? Revision.latestLegacy.wireName
        let fields = [("Mcp-Session-Id", session), ("MCP-Protocol-Version", version)]
        return try await send(
            ["jsonrpc": "2.0", "id": 2, "method": .string(Method.ping.rawValue)],
            fields,
            token: token
        )
    }

    /// Closes a session.
    func close(_ session: String, token: String?) async throws(AuditFault) {
        _ = try await send(nil, [("Mcp-Session-Id", session)], token: token, method: "DELETE")
    }

    private func message(_ opening: Opening) -> JSONObject {
        let client = Implementation(name: "mcp-test-mcp", version: "audit")
        switch opening {
        case .initialize:
            let params: JSONObject = [
                "protocolVersion": .string(Revision.latestLegacy.wireName), "capabilities": [:],
                "clientInfo": .object(client.json),
            ]
            return [
                "jsonrpc": "2.0", "id": 1, "method": .string(Method.initialize.rawValue), "params": .object(params),
            ]
        case .discover:
            let meta = RequestMeta(revision: .latest, capabilities: ClientCapabilities(json: [:]), clientInfo: client)
            return [
                "jsonrpc": "2.0", "id": 1, "method": .string(Method.serverDiscover.rawValue),
                "params": ["_meta": .object(meta.json)],
            ]
        }
    }

    private func fields(_ opening: Opening) -> [(String, String)] {
        switch opening {
        case .initialize: []
        case .discover:
            [("MCP-Protocol-Version", Revision.latest.wireName), ("Mcp-Method", Method.serverDiscover.rawValue)]
        }
    }

    private func send(
        _ message: JSONObject?,
        _ fields: [(String, String)],
        token: String?,
        inQuery: Bool = false,
        method: String = "POST"
    ) async throws(AuditFault) -> Response {
        count += 1
        guard count <= Self.limit else { throw AuditFault(reason: "the limit of \(Self.limit) requests is reached") }
        var endpoint = endpoint
        if inQuery, let token {
            var url = url
            url.query = (url.query.map { "\($0)&" } ?? "") + "access_token=\(FormParameters.encode(token))"
            endpoint.url = url.requestText
        } else if let token {
            endpoint.headers.append(HTTPField("Authorization", "Bearer \(token)"))
        }
        let own = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]
        do {
            let received = try await ProbeRequest(to: endpoint).send(
                method,
                fields: (message == nil ? [] : own) + fields,
                body: message.map { Array(JSONValue.object($0).description.utf8) },
                within: Self.timeout,
                on: clock,
                until: Self.isResponse
            )
            return Response(received)
        } catch {
            throw AuditFault(reason: Self.reason(of: error))
        }
    }

    /// Whether an event is the response rather than a notification, or the first event of a stream, which has no data.
    private static func isResponse(_ event: [UInt8]) -> Bool {
        switch Frame(received: event).content {
        case .message(.response), .message(.failure): true
        default: false
        }
    }

    private static func reason(of error: any Error) -> String {
        guard let failure = error as? PlainRequest.Failure else {
            return (error as? TransportFailure)?.message ?? "the request could not be sent"
        }
        return switch failure {
        case .transport(let failure): failure.message
        case .timeout: "no response within \(timeout.components.seconds) s"
        case .cancelled: "the audit was cancelled"
        }
    }
}

/// Why a request of an audit got no response, as a clause that starts in lower case.
struct AuditFault: Error {
    var reason: String
}

extension AuditProbe.Response {
    init(_ response: ProbeRequest.Response) {
        status = response.status
        challenges = Challenges(parsing: response.values(of: "WWW-Authenticate"))
        session = response.values(of: "Mcp-Session-Id").first
        isResult = false
        if case .message(.response(_, let result)) = Frame(received: response.body).content {
            isResult = true
            revision = result["protocolVersion"]?.string
        }
    }

    var isRefused: Bool { status == 401 || status == 403 }
    /// Whether a client learns which scopes it needs.
    var namesScopes: Bool { challenges.token?.error == "insufficient_scope" && challenges.token?.scopes != nil }
    var isAccepted: Bool { (200..<300).contains(status) && isResult }

    /// What a report says about it.
    var text: String {
        guard isRefused else { return isAccepted ? "\(status) with a result" : "\(status)" }
        guard let challenge = challenges.token else { return "\(status) without a challenge" }
        return "\(status)\(challenge.error.map { " with \($0.prefix(60))" } ?? "")"
    }
}
