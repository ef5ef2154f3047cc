import JSON
import MCP
import MCPServer

// What the fixtures ask, in one line each.

extension InputRequest {
    /// Asks the user with a form.
    static func form(_ message: String, _ schema: ElicitationSchema) -> InputRequest {
        InputRequest(method: .elicitationCreate, params: ElicitParams.form(message: message, schema: schema).json)
    }

    /// Asks the user for one text, which must be given.
    static func form(_ message: String, text name: String) -> InputRequest {
        let field = ElicitationField(json: ["type": "string"])
        return .form(message, ElicitationSchema([(name, field)], required: [name]))
    }

    /// Asks the user for a yes or no, which must be given.
    static func form(_ message: String, flag name: String) -> InputRequest {
        let field = ElicitationField(json: ["type": "boolean"])
        return .form(message, ElicitationSchema([(name, field)], required: [name]))
    }

    /// Asks the client's model.
    static func model(_ prompt: String, maxTokens: Int) -> InputRequest {
        let message = SamplingMessage(role: .user, content: [.text(prompt)])
        let params = CreateMessageParams(messages: [message], maxTokens: maxTokens)
        return InputRequest(method: .samplingCreateMessage, params: params.json)
    }

    /// Asks for the client's root directories.
    static let roots = InputRequest(method: .rootsList, params: [:])
}

extension HandlerOutcome {
    /// Asks one thing.
    static func asking(_ key: String, _ question: InputRequest, state: String? = nil) -> HandlerOutcome {
        .inputRequired(InputRequiredResult([(key, question)], requestState: state))
    }
}

extension CreateMessageResult {
    /// What the model said.
    var text: String {
        (content ?? []).compactMap(\.text).joined(separator: "\n")
    }
}
