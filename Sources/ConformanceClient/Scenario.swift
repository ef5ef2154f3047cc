import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPHTTPClient
import MCPStdio

/// The steps of a client in one scenario of the suite.
///
/// Source: the scenarios of the conformance suite, 0.2.0-alpha.11.
struct Scenario: Sendable {
    /// The handlers of the server's input requests.
    var input = InputHandlers()
    /// How it authorizes; nil in scenarios without authorization.
    var authorization: ScenarioAuthorization?
    /// The steps after connecting.
    var steps: @Sendable (Session) async throws -> Void

    init(input: InputHandlers = InputHandlers(), _ steps: @escaping @Sendable (Session) async throws -> Void) {
        self.input = input
        self.steps = steps
    }

    /// Connects, runs the steps and closes the connection.
    func run(_ assignment: Assignment) async throws {
        let options = ClientOptions(
            // Not pinned: some servers choose an older revision, and some refuse the newest one at first.
            era: assignment.revision.era == .modern ? .auto : .legacy,
            info: Implementation(name: "mcp-test-mcp-conformance", version: "1.0.0"),
            input: input,
            limits: ConnectionLimits(connect: .seconds(10), request: .seconds(20), idle: .seconds(20))
        )
        let loop = PollLoop.shared
        var endpoint = HTTPEndpoint(url: assignment.url, transport: .streamableHTTP)
        endpoint.tokens = try authorization?.tokens(for: assignment, clock: loop)
        let client = try await Client.connect(options: options, scheduler: loop) { [endpoint] in
            HTTPClientTransport.make(endpoint, scheduler: loop)
        }
        Journal.note("connected at \(client.revision)")
        do {
            try await steps(Session(client: client, context: assignment.context))
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }
}

extension Scenario {
    /// All scenarios by their names in the suite.
    static let all: [String: Scenario] = [
        "initialize": Scenario { _ = try await $0.tools() },
        "tools_call": Scenario { session in
            _ = try await session.tools()
            try await session.call("add_numbers", ["a": 5, "b": 3])
        },
        "sse-retry": Scenario { session in
            _ = try await session.tools()
            try await session.call("test_reconnection")
        },
        "elicitation-sep1034-client-defaults": Scenario(input: acceptingForms) { session in
            _ = try await session.tools()
            try await session.call("test_client_elicitation_defaults")
        },
        "sep-2322-client-request-state": Scenario(input: acceptingForms) { session in
            _ = try await session.tools()
            for name in ["echo_state", "unrelated", "no_state", "no_result_type"] {
                try await session.call("test_mrtr_\(name)")
            }
        },
        "request-metadata": callsEveryTool,
        "http-standard-headers": Scenario { session in
            try await session.callAll(try await session.tools())
            try await session.readAll()
            try await session.getAll()
        },
        "http-custom-headers": Scenario { session in
            _ = try await session.tools()
            for call in session.context["toolCalls"]?.array ?? [] {
                try await session.call(call["name"]?.string ?? "", call["arguments"]?.object ?? [:])
            }
        },
        "http-invalid-tool-headers": callsEveryTool,
        "json-schema-ref-no-deref": Scenario { _ = try await $0.tools() },
        "json-schema-2020-12-preservation": Scenario { session in
            guard let schema = try await session.tools().first(named: "json_schema_2020_12_tool")?["inputSchema"] else {
                throw Session.ScenarioFailure(
                    description: "the list has no tool json_schema_2020_12_tool with a schema"
                )
            }
            // As received, so that nothing gets lost.
            try await session.callRaw("json_schema_echo", ["schema": schema])
        },
    ]

    /// Accepts every form with the defaults of its schema, or with simple values if there are none.
    private static let acceptingForms: InputHandlers = {
        var handlers = InputHandlers(elicitation: { request in
            let schema = request.params["requestedSchema"]?.value().object ?? [:]
            let content = SampleArguments.object(for: schema, allProperties: true)
            return ["action": "accept", "content": .object(content)]
        })
        handlers.elicitationModes = [.form]
        return handlers
    }()

    private static let callsEveryTool = Scenario { session in
        try await session.callAll(try await session.tools())
    }
}
