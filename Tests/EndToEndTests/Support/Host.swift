import JSON
import Synchronization
import TestSupport
import Testing

/// A test in the role of the host, with the program as its MCP server.
final class Host: Sendable {
    let program: RunningProgram
    private let lastID = Mutex(0)

    init(_ program: RunningProgram) {
        self.program = program
    }

    /// Starts the program as hosts do and performs the handshake.
    static func connected(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        in folder: String? = nil,
        revision: String = "2025-11-25"
    ) async throws -> Host {
        let host = Host(try await RunningProgram(arguments, environment: environment, in: folder))
        try await host.initialize(revision)
        return host
    }

    @discardableResult
    func initialize(
        _ revision: String = "2025-11-25",
        _ capabilities: JSONValue = [:]
    ) async throws -> JSONValue {
        let info: JSONValue = ["name": "end-to-end", "version": "1"]
        let answer = try await ask(
            "initialize",
            ["protocolVersion": .string(revision), "capabilities": capabilities, "clientInfo": info]
        )
        send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        return answer
    }

    /// Sends a line.
    func send(_ line: String) {
        program.write(line + "\n")
    }

    /// Sends a request and returns its ID.
    func request(_ method: String, _ params: JSONValue = [:]) -> Int {
        let id = lastID.withLock { last in
            last += 1
            return last
        }
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": JSONValue(id), "method": .string(method), "params": params,
        ]
        send(message.description)
        return id
    }

    /// The next message that it sends.
    func message() async throws -> JSONValue {
        try JSONValue(parsing: try await program.line())
    }

    /// The response to a request; messages before it are skipped.
    func answer(to id: Int) async throws -> JSONValue {
        while true {
            let message = try await message()
            if message["id"]?.int == id, message["method"] == nil { return message }
        }
    }

    /// Sends a request and waits for its response.
    func ask(_ method: String, _ params: JSONValue = [:]) async throws -> JSONValue {
        try await answer(to: request(method, params))
    }

    /// The tools of the program, which a host of its own has listed.
    static let declared = Task {
        let host = try await Host.connected(["--tools", "all,suites,auth"])
        let tools = try await host.ask("tools/list")["result"]?["tools"]?.array ?? []
        _ = await host.finish()
        return try DeclaredTools(tools)
    }

    /// Calls a tool and returns its structured content; the result must be as the tool declares it.
    func call(_ tool: String, _ arguments: JSONValue = [:]) async throws -> JSONValue {
        let answer = try await ask("tools/call", ["name": .string(tool), "arguments": arguments])
        let result = try #require(answer["result"], "\(answer)")
        let structured = try #require(result["structuredContent"])
        #expect(result["isError"]?.bool != true)
        let problems = try await Self.declared.value.problems(in: result, of: tool, arguments)
        #expect(problems.isEmpty, "\(problems): \(result)")
        return structured
    }

    /// Connects it to a target, which must succeed.
    @discardableResult
    func connect(to command: [String], _ others: JSONObject = [:]) async throws -> JSONValue {
        var arguments = others
        arguments["command"] = .string(command[0])
        arguments["args"] = .array(command.dropFirst().map(JSONValue.string))
        let answer = try await call("connect_to_server", .object(arguments))
        try #require(answer["success"] == true, "\(answer)")
        return answer
    }

    /// Closes the input and waits for the program to exit.
    func finish() async -> Run {
        await program.finish()
    }
}

extension JSONObject {
    /// Parameters with the metadata that the stateless revision requires.
    static func modern(_ params: JSONObject = [:], capabilities: JSONValue = [:]) -> JSONObject {
        var params = params
        params["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": ["name": "end-to-end", "version": "1"],
            "io.modelcontextprotocol/clientCapabilities": capabilities,
        ]
        return params
    }
}
