import JSON
import Tester

/// The answers that the checks give when the server requests input.
enum InputAnswers {
    /// The member `result` or `error` of the response to a request of the server.
    static func answer(_ request: JSONValue, capabilities: JSONObject) -> JSONObject? {
        let method = request["method"]?.string ?? ""
        if method == "ping" { return ["result": [:]] }
        let capability = method.split(separator: "/").first.map(String.init) ?? ""
        guard capabilities[capability] != nil, let result = result(method, request["params"]) else {
            return ["error": ["code": -32601, "message": "The client did not declare this capability."]]
        }
        return ["result": .object(result)]
    }

    /// The answer to an input request; nil if there is none.
    static func result(_ method: String, _ params: JSONValue?) -> JSONObject? {
        switch method {
        case "elicitation/create":
            if params?["mode"] == "url" { return ["action": "accept"] }
            let schema = params?["requestedSchema"]?.object ?? [:]
            guard let content = Example.content(for: schema) else { return ["action": "decline"] }
            return ["action": "accept", "content": .object(content)]
        case "sampling/createMessage":
            return [
                "role": "assistant", "content": ["type": "text", "text": "example"], "model": "example",
                "stopReason": "endTurn",
            ]
        case "roots/list": return ["roots": [["uri": "file:///tmp/example", "name": "example"]]]
        default: return nil
        }
    }
}
