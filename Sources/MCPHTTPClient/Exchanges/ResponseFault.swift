import JSON
import JSONRPC
import MCPHTTP
import MCPTransport
import NIOHTTP1

/// Why an answer that is no message does not answer a request: told from its status and its form, never from its words.
enum ResponseFault {
    static func failure(_ answer: ReceivedResponse, to plan: ExchangePlan, sessionWasSent: Bool) -> TransportFailure {
        let asked = "\(plan.method.rawValue) \(plan.url)"
        let status = "\(answer.status.code) \(answer.status.reasonPhrase)".trimmedEnd
        switch answer.status.code {
        case 200..<300: return content(answer, asked, status)
        case 300..<400:
            let location = answer.fields.first(name: "Location").map(Redaction.reference)
            return TransportFailure(
                .redirected,
                "\(asked) was answered \(status): the server sends us to \(location ?? "no place that it names")",
                advice: location == nil
                    ? "Let the server answer with a message, or say in Location where it has gone."
                    : "Use that URL itself if it is the server you mean; redirects are not followed by themselves.",
                evidence: location.map { ["location": .string($0)] } ?? [:]
            )
        case 401:
            return TransportFailure(
                .unauthorized,
                "\(asked) was answered \(status): the server wants to know who we are",
                advice: "Give a token with a header: Authorization: Bearer TOKEN.",
                evidence: challenge(answer)
            )
        case 403:
            return TransportFailure(
                .forbidden,
                "\(asked) was answered \(status): the server refuses",
                advice: "Look at the rights of the token, and at the server's lists of allowed hosts and origins.",
                evidence: challenge(answer)
            )
        case 404 where sessionWasSent:
            return TransportFailure(
                .sessionLost,
                "\(asked) was answered \(status): the server does not know our session, or not any more",
                advice: "Connect again; look whether the server was started anew or runs in several processes."
            )
        case 407:
            return TransportFailure(
                .proxy,
                "\(asked) was answered \(status): the proxy wants to know who we are",
                advice: "Put a name and a password into the proxy's URL."
            )
        default:
            return TransportFailure(
                .status,
                "\(asked) was answered \(status)\(form(answer))",
                advice: advice(answer.status.code)
            )
        }
    }

    private static func content(_ answer: ReceivedResponse, _ asked: String, _ status: String) -> TransportFailure {
        if answer.body.isEmpty {
            let promise = answer.status == .accepted ? ", which promises no answer, to a request that needs one" : ""
            return TransportFailure(
                .content,
                "\(asked) was answered \(status) with an empty body\(promise)",
                advice: "Look whether the path is that of the MCP endpoint."
            )
        }
        return TransportFailure(
            .content,
            "\(asked) was answered \(status)\(form(answer)), where a message of JSON-RPC was expected",
            advice: "Look whether the path is that of the MCP endpoint, often /mcp."
        )
    }

    private static func form(_ answer: ReceivedResponse) -> String {
        if answer.body.isEmpty { return " with an empty body" }
        let type = answer.mediaType ?? "no content type"
        switch MessageScan(Frame(received: answer.body)) {
        case .noise:
            return type.hasSuffix("json") ? " with a body that is no JSON (\(type))" : " with \(page(type)) (\(type))"
        case .json: return " with JSON that is no message (\(type))"
        case .answer, .other: return " with a message that answers nothing (\(type))"
        }
    }

    private static func page(_ type: String) -> String {
        type == "text/html" ? "a web page" : "something that is no message"
    }

    private static func challenge(_ answer: ReceivedResponse) -> JSONObject {
        let challenges = answer.fields["WWW-Authenticate"]
        return challenges.isEmpty ? [:] : ["www_authenticate": .string(challenges.joined(separator: ", "))]
    }

    private static func advice(_ status: UInt) -> String? {
        switch status {
        case 404, 405: "Look whether the path is that of the MCP endpoint, often /mcp."
        case 406: "The server takes neither JSON nor streams of events, or reads the header Accept wrongly."
        case 415: "The server does not take application/json, or reads the header Content-Type wrongly."
        case 421: "The server does not serve this host name: look at its list of allowed hosts."
        case 429, 503: "The server has too much to do: try again later."
        case 500...: "Look into the server's log."
        default: nil
        }
    }
}

extension String {
    fileprivate var trimmedEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
