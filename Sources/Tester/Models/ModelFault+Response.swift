import AsyncRuntime
import JSON
import MCPHTTP
import MCPHTTPClient
import MCPTransport

/// Translates the lack of a usable response into a fault, by the status, the content type and the form of the body, never by
/// words in it.
struct ModelFailureReader {
    let model: Model

    // MARK: - No response

    func fault(_ failure: PlainRequest.Failure) -> ModelFault {
        switch failure {
        case .transport(let failure):
            return ModelFault(
                "could not be reached: \(model.secrets.redact(failure.message))",
                nextStep: advice(failure),
                details: failure.evidence["status"].map { ["status_code": $0] } ?? [:]
            )
        case .timeout(let limit):
            return ModelFault(
                "did not respond within \(limit.seconds)",
                nextStep: "Raise `timeout` in llm_config (in seconds), or lower `max_tokens`.",
                .timeout
            )
        case .cancelled: return ModelFault("was cancelled", nextStep: "Call again.", .cancelled)
        }
    }

    private func advice(_ failure: TransportFailure) -> String {
        switch failure.kind {
        case .refused: "Start the model's server, or correct host and port of the URL."
        case .unknownHost: "Correct the host name in the URL."
        case .unreachable: "Check the address, the network, and firewalls."
        case .tls: "Use the host name of the certificate. For a server without TLS, write http:// in the URL."
        case .proxy: failure.advice ?? "Check the proxy in HTTPS_PROXY or http_proxy, or add the host to NO_PROXY."
        case .content:
            failure.advice ?? "Give a URL that returns one JSON object. Streaming is not supported."
        case .tooLarge: "Lower `max_tokens` in llm_config."
        case .broken: "Read the log of the endpoint to see why it closed the connection. Then call again."
        default: failure.advice ?? "Check the URL, then call again."
        }
    }

    // MARK: - An error response

    func fault(_ response: PlainRequest.Response) -> ModelFault {
        let json = Self.object(response.body)
        let said = excerpt(json, response.body)
        var details: JSONObject = ["status_code": JSONValue(response.status), "response_text": .string(said)]
        let wait = response.value(of: "Retry-After")
        if let wait { details["retry_after"] = .string(wait) }
        for name in ["x-request-id", "request-id"] {
            if let id = response.value(of: name) { details["request_id"] = .string(id) }
        }
        let quote = Self.message(json).map { " and said \"\(Self.shortened(model.secrets.redact($0)))\"" } ?? ""
        let page = json == nil && isPage(response) ? " with a web page" : ""
        return ModelFault(
            "returned status \(response.status)\(page)\(quote)",
            nextStep: nextStep(response, json, wait),
            [401, 403].contains(response.status) ? .auth : .transport,
            details: details
        )
    }

    private func nextStep(_ response: PlainRequest.Response, _ json: JSONObject?, _ wait: String?) -> String {
        switch response.status {
        case 300..<400:
            let place = response.value(of: "Location").map { " (\(Redaction.reference($0)))" } ?? ""
            return "Set the URL to the final one\(place). Redirects are not followed, because the key would go along."
        case 400, 422: return badRequest(json)
        case 401:
            return model.key == nil
                ? "Give a key: LLM_API_KEY, or `api_key` in llm_config."
                : "Check the key (LLM_API_KEY, or `api_key` in llm_config): the endpoint rejected it."
        case 403: return "Check that the key may use model \"\(model.name)\" at this endpoint."
        // An API that reports an error in its own form was reached: its path is right.
        case 404 where Self.isAPIError(json):
            return
                "Correct the model (LLM_MODEL_NAME, or `model` in llm_config): \"\(model.name)\" may be unknown there."
        case 404, 405:
            return "Correct the URL: the request went to \(model.request.place). The base URL often ends in /v1."
        case 413: return "Send a shorter prompt: the request is too large for the endpoint."
        case 429:
            return wait.map { "Wait \(Self.duration($0)), then call again." }
                ?? "Wait, then call again, or check the quota of the key."
        case 500...:
            return wait.map { "Wait \(Self.duration($0)), then call again." }
                ?? "Call again later, or read the log of the endpoint."
        default: return "Read details.response_text, and correct the request or the endpoint."
        }
    }

    /// The endpoint names the parameter that it does not accept.
    private func badRequest(_ json: JSONObject?) -> String {
        switch json?["error"]?["param"]?.string {
        case "temperature"?: "Set `temperature` to null in llm_config, so that it is omitted."
        case "max_tokens"?:
            "Replace it in llm_config: {\"max_tokens\": null, \"max_completion_tokens\": \(ModelOptions.defaultMaxTokens)}."
        case "model"?: "Correct the model (LLM_MODEL_NAME, or `model` in llm_config)."
        case let name? where model.isParameter(name): "Correct `\(name)` in llm_config, or set it to null."
        default: "Correct the model or the parameters in llm_config, as the endpoint says."
        }
    }

    // MARK: - A response that is not one of the API

    /// A successful response whose body is not a JSON object.
    func unreadable(_ response: PlainRequest.Response) -> ModelFault {
        let details: JSONObject = [
            "status_code": JSONValue(response.status), "response_text": .string(excerpt(nil, response.body)),
        ]
        if isPage(response) {
            return ModelFault(
                "returned a web page, which is not a JSON object",
                nextStep:
                    "Correct the URL: \(model.request.place) is a web site, not an API. The base URL often ends in /v1.",
                details: details
            )
        }
        return ModelFault("returned a body that is not a JSON object", details: details)
    }

    /// The fault of a response of the API, with its body.
    func completing(_ fault: ModelFault, _ response: PlainRequest.Response) -> ModelFault {
        var fault = fault
        fault.details["status_code"] = JSONValue(response.status)
        fault.details["response_text"] = .string(excerpt(nil, response.body))
        return fault
    }

    // MARK: - Reading

    /// The body as an object; `nil` if it is not one.
    static func object(_ body: [UInt8]) -> JSONObject? {
        do throws(JSONError) {
            return try JSONValue(parsing: body).object
        } catch {
            return nil
        }
    }

    private func isPage(_ response: PlainRequest.Response) -> Bool {
        if let type = response.value(of: "Content-Type")?.lowercased() {
            return type.hasPrefix("text/html") || type.hasPrefix("application/xhtml")
        }
        return response.body.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "<")
    }

    /// Whether the body is an error as both APIs, and the older vLLM, report it.
    private static func isAPIError(_ json: JSONObject?) -> Bool {
        json?["error"]?.object != nil || json?["object"]?.string == "error"
    }

    private static func message(_ json: JSONObject?) -> String? {
        let said = json?["error"]?["message"] ?? json?["error"] ?? json?["message"] ?? json?["detail"]
        return said?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What the endpoint says about its failure, without the secrets that some repeat there.
    private func excerpt(_ json: JSONObject?, _ body: [UInt8]) -> String {
        let said = Self.message(json) ?? String(decoding: body, as: UTF8.self)
        return Evidence.text(Array(model.secrets.redact(said).utf8), limit: 500)
    }

    /// The first sentence, for a verdict; the details have all of it.
    private static func shortened(_ text: String) -> String {
        var line = text.prefix { !$0.isNewline }
        if let end = line.firstRange(of: ". ") { line = line[..<end.lowerBound] }
        while line.last == "." { line.removeLast() }
        return line.count > 100 ? "\(line.prefix(100))…" : String(line)
    }

    /// The value of `Retry-After`: seconds, or a date.
    private static func duration(_ text: String) -> String {
        Int(text).map { "\($0) s" } ?? "until \(shortened(text))"
    }
}
