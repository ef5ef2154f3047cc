import JSON
import MCP
import MCPServer

extension DemoServer {
    /// Adds the fixtures that request input, as defined by the conformance suite of 2025-11-25.
    func addInputFixtures(to server: inout Server) throws {
        let sampling = Self.fixture(
            "test_sampling",
            "Request a message from the client's model.",
            ["prompt": ["type": "string", "description": "The prompt for the model."]]
        )
        try server.add(sampling) { context, arguments in
            guard let message = try context.inputResponse("answer", as: CreateMessageResult.self) else {
                return .request("answer", .model(arguments["prompt"]?.string ?? "Say something.", maxTokens: 100))
            }
            return .complete(.text("LLM response: \(message.text)"))
        }
        let elicitation = Self.fixture(
            "test_elicitation",
            "Request a form from the user.",
            ["message": ["type": "string", "description": "The message to the user."]]
        )
        try server.add(elicitation) { context, arguments in
            let message = arguments["message"]?.string ?? "Please enter your name and address."
            return try context.elicitation(.form(message, Self.userForm))
        }
        let defaults = Self.fixture("test_elicitation_sep1034_defaults", "Request a form with defaults.")
        try server.add(defaults) { context, _ in
            try context.elicitation(.form("Please check the defaults.", Self.formWithDefaults))
        }
        let choices = Self.fixture("test_elicitation_sep1330_enums", "Request a form with every kind of choice.")
        try server.add(choices) { context, _ in
            try context.elicitation(.form("Please choose.", Self.formWithChoices))
        }
        let link = Self.fixture("test_elicitation_url", "Request that the user opens a URL.")
        try server.add(link) { context, _ in
            let params = ElicitParams.url(
                "https://example.com/consent",
                message: "Please give your consent on this page."
            )
            return try context.elicitation(InputRequest(method: .elicitationCreate, params: params.json))
        }
    }

    // MARK: - Forms

    private static let userForm = ElicitationSchema(json: [
        "type": "object",
        "properties": [
            "username": ["type": "string", "description": "Your name."],
            "email": ["type": "string", "description": "Your email address."],
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
            "verified": ["type": "boolean", "description": "Whether the data was verified.", "default": true],
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
    /// Requests a form or page and returns the user's response.
    fileprivate func elicitation(_ request: InputRequest) throws -> HandlerOutcome<ToolOutput> {
        guard let response = try inputResponse("answer", as: ElicitResult.self) else {
            return .request("answer", request)
        }
        let content = response.content.map { ", content=\(JSONValue.object($0))" } ?? ""
        return .complete(.text("Elicitation completed: action=\(response.action?.rawValue ?? "none")\(content)"))
    }
}
