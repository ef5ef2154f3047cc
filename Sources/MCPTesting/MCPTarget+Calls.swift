public import JSON

/// One use of a target, over a connection of its own, which ends before the method returns.
extension MCPTarget {
    /// Calls a tool.
    public func call(_ tool: String, _ arguments: JSONObject = [:]) async throws -> Outcome {
        try await connected { try await $0.call(tool, arguments) }
    }

    /// Reads a resource.
    public func read(_ uri: String) async throws -> Outcome {
        try await connected { try await $0.read(uri) }
    }

    /// Renders a prompt.
    public func prompt(_ name: String, _ arguments: JSONObject = [:]) async throws -> Outcome {
        try await connected { try await $0.prompt(name, arguments) }
    }
}
