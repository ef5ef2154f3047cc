import JSON
import MCP
import MCPServer

extension DemoServer {
    /// Fixtures that ask the client something, as the conformance suite of the handshake era knows them.
    func addAskingFixtures(to server: inout Server) throws {
        let sampling = Self.fixture(
            "test_sampling",
            "Asks the client's model.",
            ["prompt": ["type": "string", "description": "What to ask the model."]]
        )
        try server.add(sampling) { context, arguments in
            guard let answer = try context.answer(to: "answer", as: CreateMessageResult.self) else {
                return .asking("answer", .model(arguments["prompt"]?.string ?? "Say something.", maxTokens: 100))
            }
            return .complete(.text("LLM response: \(answer.text)"))
        }
        let elicitation = Self.fixture(
            "test_elicitation",
            "Asks the user with a form.",
            ["message": ["type": "string", "description": "What to tell the user."]]
        )
        try server.add(elicitation) { context, arguments in
            let message = arguments["message"]?.string ?? "Please tell who you are."
            return try context.elicitation(.form(message, Self.userForm))
        }
        let defaults = Self.fixture("test_elicitation_sep1034_defaults", "Asks with a form that has defaults.")
        try server.add(defaults) { context, _ in
            try context.elicitation(.form("Please look at the defaults.", Self.formWithDefaults))
        }
        let choices = Self.fixture("test_elicitation_sep1330_enums", "Asks with a form that has choices of each kind.")
        try server.add(choices) { context, _ in
            try context.elicitation(.form("Please choose.", Self.formWithChoices))
        }
        let link = Self.fixture("test_elicitation_url", "Sends the user to a URL.")
        try server.add(link) { context, _ in
            let params = ElicitParams.url("https://example.com/consent", message: "Please consent on that page.")
            return try context.elicitation(InputRequest(method: .elicitationCreate, params: params.json))
        }
    }

    // MARK: - Forms

    private static let userForm = ElicitationSchema(json: [
        "type": "object",
        "properties": [
            "username": ["type": "string", "description": "The name of the user."],
            "email": ["type": "string", "description": "The address of the user."],
        ],
        "required": ["username", "email"],
    ])

    private static let formWithDefaults = ElicitationSchema(json: [
        "type": "object",
        "properties": [
            "name": ["type": "string", "description": "A name.", "default": "John Doe"],
            "age": ["type": "integer", "description": "An age in years.", "default": 30],
            "score": ["type": "number", "description": "A score.", "default": 95.5],
            "status": [
                "type": "string", "description": "A status.", "enum": ["active", "inactive", "pending"],
                "default": "active",
            ],
            "verified": ["type": "boolean", "description": "Whether that was checked.", "default": true],
        ],
        "required": [],
    ])

    private static let formWithChoices = ElicitationSchema(json: [
        "type": "object",
        "properties": [
            "untitledSingle": ["type": "string", "enum": ["option1", "option2", "option3"]],
            "titledSingle": ["type": "string", "oneOf": titled],
            "legacyEnum": [
                "type": "string", "enum": ["value1", "value2", "value3"],
                "enumNames": ["First value", "Second value", "Third value"],
            ],
            "untitledMulti": [
                "type": "array", "items": ["type": "string", "enum": ["option1", "option2", "option3"]],
            ],
            "titledMulti": ["type": "array", "items": ["anyOf": titled]],
        ],
        "required": [],
    ])

    private static let titled: JSONValue = [
        ["const": "value1", "title": "First value"], ["const": "value2", "title": "Second value"],
        ["const": "value3", "title": "Third value"],
    ]
}

extension RequestContext {
    /// Asks the user and says what came of it.
    fileprivate func elicitation(_ question: InputRequest) throws -> HandlerOutcome<ToolOutput> {
        guard let answer = try answer(to: "answer", as: ElicitResult.self) else { return .asking("answer", question) }
        let content = answer.content.map { ", content=\(JSONValue.object($0))" } ?? ""
        return .complete(.text("Elicitation completed: action=\(answer.action?.rawValue ?? "none")\(content)"))
    }
}
