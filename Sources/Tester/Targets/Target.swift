public import JSON

/// A server under test, as the user named it and as it will be started.
public struct Target: Sendable, Hashable {
    /// What the user wrote, for answers.
    public var name: String
    /// The program.
    public var command: String
    /// Its arguments.
    public var arguments: [String]
    /// Variables that are set beside those it inherits; they may hold secrets and are never shown.
    public var environment: [String: String]
    /// The directory it is started in; ours if there is none.
    public var workingDirectory: String?
    /// Why this program was chosen, where the user named only a file.
    public var choice: String?

    /// Creates a target from a command.
    public init(
        command: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        workingDirectory: String? = nil,
        name: String? = nil,
        choice: String? = nil
    ) {
        self.name = name ?? ([command] + arguments).joined(separator: " ")
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.choice = choice
    }

    /// What may be shown of it: names of variables, not their values.
    public var json: JSONObject {
        var object: JSONObject = ["command": .string(command), "args": .array(arguments.map(JSONValue.string))]
        if let workingDirectory { object["cwd"] = .string(workingDirectory) }
        if !environment.isEmpty { object["env_names"] = .array(environment.keys.sorted().map(JSONValue.string)) }
        if let choice { object["interpreter"] = .string(choice) }
        return object
    }
}
