import JSON
import MCP

/// Checks results and notifications against the schema of a revision.
enum MessageSchema {
    /// The first violation in an exchange; nil if there is none.
    static func problem(in exchange: Exchange, revision: Revision) -> String? {
        if let result = exchange.result, let method = exchange.method {
            guard let object = result.object else {
                return "\(method): the result is \(result.typeName), not an object"
            }
            if let first = problems(of: object, method, revision).first { return "\(method): \(first)" }
        }
        for message in exchange.received.compactMap(\.value) {
            guard let method = message["method"]?.string, message["id"] == nil else { continue }
            guard let params = (message["params"] ?? [:]).object else {
                return "\(method): the params are not an object"
            }
            if let first = notificationProblems(params, method, revision).first { return "\(method): \(first)" }
        }
        return nil
    }

    private static func problems(of result: JSONObject, _ method: String, _ revision: Revision) -> [Problem] {
        if result["resultType"] == "input_required" {
            return InputRequiredResult(json: result).problems(in: revision)
        }
        if result["resultType"] == "task" { return CreateTaskResult(json: result).problems(in: revision) }
        switch method {
        case "initialize": return InitializeResult(json: result).problems(in: revision)
        case "server/discover": return DiscoverResult(json: result).problems(in: revision)
        case "tools/list": return ListToolsResult(json: result).problems(in: revision)
        case "tools/call":
            return result["task"] == nil ? CallToolResult(json: result).problems(in: revision) : []
        case "resources/list": return ListResourcesResult(json: result).problems(in: revision)
        case "resources/templates/list": return ListResourceTemplatesResult(json: result).problems(in: revision)
        case "resources/read": return ReadResourceResult(json: result).problems(in: revision)
        case "prompts/list": return ListPromptsResult(json: result).problems(in: revision)
        case "prompts/get": return GetPromptResult(json: result).problems(in: revision)
        case "completion/complete": return CompleteResult(json: result).problems(in: revision)
        default: return EmptyResult(json: result).problems(in: revision)
        }
    }

    private static func notificationProblems(_ params: JSONObject, _ method: String, _ revision: Revision) -> [Problem]
    {
        switch method {
        case "notifications/progress": ProgressParams(json: params).problems(in: revision)
        case "notifications/message": LogMessageParams(json: params).problems(in: revision)
        case "notifications/cancelled": CancelledParams(json: params).problems(in: revision)
        case "notifications/resources/updated": ResourceUpdatedParams(json: params).problems(in: revision)
        case "notifications/subscriptions/acknowledged":
            SubscriptionsAcknowledgedParams(json: params).problems(in: revision)
        default: []
        }
    }
}
