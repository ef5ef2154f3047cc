import JSON

/// A call of one of our tools, and what its result must have.
struct ScriptedCall: Sendable {
    let tool: String
    var arguments: JSONObject
    let expected: Expectations

    init(_ tool: String, _ arguments: JSONObject = [:], _ expected: Expectations) {
        self.tool = tool
        self.arguments = arguments
        self.expected = expected
    }

    /// The arguments that connect to a command.
    static func command(_ command: [String], _ others: JSONObject = [:]) -> JSONObject {
        var arguments = others
        arguments["command"] = .string(command[0])
        arguments["args"] = .array(command.dropFirst().map(JSONValue.string))
        return arguments
    }
}

extension ScriptedCall {
    /// The call as a client is given it.
    var call: (tool: String, arguments: JSONValue) { (tool, .object(arguments)) }
}
