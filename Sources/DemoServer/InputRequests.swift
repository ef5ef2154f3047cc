import JSON
import MCP
import MCPServer

// Short forms for the input requests of the fixtures.

extension InputRequest {
    /// Requests a form from the user.
    static func form(_ message: String, _ schema: ElicitationSchema) -> InputRequest {
        InputRequest(method: .elicitationCreate, params: ElicitParams.form(message: message, schema: schema).json)
    }

    /// Requests a form with one required text.
    static func form(_ message: String, text name: String) -> InputRequest {
        let field = ElicitationField(json: ["type": "string"])
        return .form(message, ElicitationSchema([(name, field)], required: [name]))
    }

    /// Requests a form with one required Boolean.
    static func form(_ message: String, flag name: String) -> InputRequest {
        let field = ElicitationField(json: ["type": "boolean"])
        return .form(message, ElicitationSchema([(name, field)], required: [name]))
    }

    /// Requests a message from the client's model.
    static func model(_ prompt: String, maxTokens: Int) -> InputRequest {
        let message = SamplingMessage(role: .user, content: [.text(prompt)])
        let params = CreateMessageParams(messages: [message], maxTokens: maxTokens)
        return InputRequest(method: .samplingCreateMessage, params: params.json)
    }

    /// Requests the client's root directories.
    static let roots = InputRequest(method: .rootsList, params: [:])
}

extension HandlerOutcome {
    /// Sends one input request.
    static func request(_ key: String, _ request: InputRequest, state: String? = nil) -> HandlerOutcome {
        .inputRequired(InputRequiredResult([(key, request)], requestState: state))
    }
}

extension CreateMessageResult {
    /// The text of the model's message.
    var text: String {
        (content ?? []).compactMap(\.text).joined(separator: "\n")
    }
}
