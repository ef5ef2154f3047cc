import JSON
import JSONRPC
import MCPHTTP
import MCPTransport
import NIOHTTP1

/// Explains, by status and form alone, why a response that is not a message does not answer a request.
enum ResponseFailure {
    static func failure(
        _ response: ReceivedResponse,
        to request: ExchangeRequest,
        hadSession: Bool
    ) -> TransportFailure {
        let status = "\(response.status.code) \(response.status.reasonPhrase)".trimmedEnd
        let result = "\(request.summary) returned \(status)"
        switch response.status.code {
        case 200..<300: return unexpectedContent(response, result)
        case 300..<400: return redirect(response, result)
        case 401:
            let hadCredentials = request.fields.contains(name: "Authorization")
            return TransportFailure(
                .unauthorized,
                result + (hadCredentials ? ": the server rejected the credentials" : ": authentication required")
                    + words(response),
                advice: hadCredentials
                    ? "Check the token: is it complete, for this server, and not expired?"
                    : "Send a token in a header: Authorization: Bearer TOKEN.",
                evidence: challenge(response)
            )
        case 403:
            return TransportFailure(
                .forbidden,
                "\(result): access denied" + words(response),
                advice: "Check the permissions of the token, and the server's lists of allowed hosts and origins.",
                evidence: challenge(response)
            )
        case 404 where hadSession:
            return TransportFailure(
                .sessionLost,
                "\(result): the session is unknown or has expired",
                advice: "Connect again; check whether the server was restarted or runs in several processes."
            )
        case 407:
            return TransportFailure(
                .proxy,
                "\(result): the proxy requires authentication",
                advice: "Put a user name and a password into the proxy's URL."
            )
        default:
            return TransportFailure(.status, result + form(response), advice: advice(response.status.code))
        }
    }

    private static func unexpectedContent(_ response: ReceivedResponse, _ result: String) -> TransportFailure {
        guard response.body.isEmpty else {
            return TransportFailure(
                .content,
                "\(result)\(form(response)); expected a JSON-RPC message",
                advice: "Check whether the path is that of the MCP endpoint, often /mcp."
            )
        }
        let reason = response.status == .accepted ? "; a request needs a response, and 202 promises none" : ""
        return TransportFailure(
            .content,
            "\(result) with an empty body\(reason)",
            advice: "Check whether the path is that of the MCP endpoint."
        )
    }

    private static func redirect(_ response: ReceivedResponse, _ result: String) -> TransportFailure {
        guard let location = response.fields.first(name: "Location").map(Redaction.reference) else {
            return TransportFailure(
                .redirected,
                "\(result) without a Location header",
                advice: "Let the server respond with a message, or name the new URL in Location."
            )
        }
        return TransportFailure(
            .redirected,
            "\(result): redirect to \(location)",
            advice: "If that is the right server, use its URL; redirects are not followed automatically.",
            evidence: ["location": .string(location)]
        )
    }

    private static func form(_ response: ReceivedResponse) -> String {
        if response.body.isEmpty { return " with an empty body" }
        let type = response.mediaType ?? "no content type"
        switch MessageKind(Frame(received: response.body)) {
        case .notJSON where type.hasSuffix("json"): return " with a body that is not valid JSON (\(type))"
        case .notJSON where type == "text/html": return " with a web page (\(type))"
        case .notJSON: return " with a body that is not JSON-RPC (\(type))"
        case .notMessage: return " with JSON that is not a JSON-RPC message (\(type))"
        case .response, .other: return " with a message that is not a response (\(type))"
        }
    }

    /// The server's own reason for a refusal, in parentheses: from the challenge or the body.
    private static func words(_ response: ReceivedResponse) -> String {
        let challenge = response.fields["WWW-Authenticate"].joined(separator: ", ")
        let reasons = ["error=\"", "error_description=\""].compactMap { name -> String? in
            challenge.firstRange(of: name).map { String(challenge[$0.upperBound...].prefix { $0 != "\"" }) }
        }
        if !reasons.isEmpty { return " (\(reasons.joined(separator: ": ")))" }
        guard !response.body.isEmpty, response.body.count < 4096, response.mediaType != "text/html" else { return "" }
        let text = reason(inJSON: response.body) ?? String(decoding: response.body, as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        return line.isEmpty ? "" : " (\(line.prefix(160)))"
    }

    /// The member that servers usually put their reason into; nil if there is none.
    private static func reason(inJSON body: [UInt8]) -> String? {
        do throws(JSONError) {
            let value = try JSONValue(parsing: body)
            let names = ["error_description", "message", "detail", "error"]
            let error = value["error"]?["message"]?.string
            return error ?? names.lazy.compactMap { value[$0]?.string }.first
        } catch {
            return nil
        }
    }

    private static func challenge(_ response: ReceivedResponse) -> JSONObject {
        challenge(response.status, response.fields)
    }

    /// The challenges of a refusal, as evidence; empty if there are none.
    static func challenge(_ status: HTTPResponseStatus, _ fields: HTTPHeaders) -> JSONObject {
        let challenges = [401, 403].contains(status.code) ? fields["WWW-Authenticate"] : []
        return challenges.isEmpty ? [:] : ["www_authenticate": .string(challenges.joined(separator: ", "))]
    }

    private static func advice(_ status: UInt) -> String? {
        switch status {
        case 404, 405: "Check whether the path is that of the MCP endpoint, often /mcp."
        case 406: "The server supports neither JSON nor event streams, or it misreads the Accept header."
        case 415: "The server does not accept application/json, or it misreads the Content-Type header."
        case 421: "The server does not serve this host name: check its list of allowed hosts."
        case 429, 503: "The server is overloaded: try again later."
        case 500...: "Check the server's log."
        default: nil
        }
    }
}

extension String {
    fileprivate var trimmedEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
