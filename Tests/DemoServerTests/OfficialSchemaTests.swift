import JSON
import JSONSchema
import MCP
import MCPTransport
import Synchronization
import TestSupport
import Testing

/// Checks every message of the demo server against the official schema of its revision.
@Suite(.timeLimit(.minutes(15)), .enabled(if: SharedData.isAvailable, "\(SharedData.absence)"))
struct OfficialSchemaTests {
    @Test(arguments: Revision.allCases)
    func everyResultAndNotificationConforms(revision: Revision) async throws {
        let schema = try OfficialSchema(revision)
        let demo = try DemoHost(revision: revision, capabilities: DemoHost.all)
        if let answer = try await demo.open() { try schema.check(answer["result"], "InitializeResult") }
        if revision.era == .modern {
            try schema.check(try await demo.ask("server/discover")["result"], "DiscoverResult")
            let everything: JSONValue = [
                "toolsListChanged": true, "promptsListChanged": true, "resourcesListChanged": true,
                "resourceSubscriptions": ["test://watched-resource"],
            ]
            demo.request("subscriptions/listen", ["notifications": everything])
        } else {
            try schema.check(try await demo.ask("ping")["result"], "EmptyResult")
            try schema.check(try await demo.ask("logging/setLevel", ["level": "debug"])["result"], "EmptyResult")
            let watched: JSONObject = ["uri": "test://watched-resource"]
            try schema.check(try await demo.ask("resources/subscribe", watched)["result"], "EmptyResult")
        }
        let tools = try await demo.ask("tools/list")["result"]
        try schema.check(tools, "ListToolsResult")
        for tool in tools?["tools"]?.array ?? [] { try await checkCalls(of: tool, demo, schema) }
        try await checkResources(demo, schema)
        try await checkPrompts(demo, schema)
        if revision.has(.tasks) { try await checkTasks(demo, schema) }
        await demo.host.conversation.finish()
        var methods: Set<String> = []
        for message in try demo.host.inbox.allJSON() {
            try schema.check(message, "JSONRPCMessage")
            guard let method = message["method"]?.string else { continue }
            try schema.check(message, message["id"] == nil ? "ServerNotification" : "ServerRequest")
            methods.insert(method)
        }
        // Every listed object was checked.
        let profile = revision.profile
        var expected: Set = ["notifications/progress", "notifications/message", "notifications/resources/updated"]
        expected.formUnion(["tools", "prompts", "resources"].map { "notifications/\($0)/list_changed" })
        for method in [Method.elicitationCreate, .samplingCreateMessage, .rootsList]
        where profile.allows(method, .serverToClient) {
            expected.insert(method.rawValue)
        }
        if revision.has(.tasks) { expected.insert("notifications/tasks/status") }
        #expect(expected.subtracting(methods).isEmpty, "\(expected.subtracting(methods))")
    }

    @Test(arguments: Revision.allCases)
    func everyErrorConforms(revision: Revision) async throws {
        let schema = try OfficialSchema(revision)
        let demo = try DemoHost(revision: revision, capabilities: DemoHost.all)
        try await demo.open()
        let errors = [
            try await demo.ask("no/such"), try await demo.ask("tools/call", ["name": "none"]),
            try await demo.ask("resources/read", ["uri": "test://none"]), try await demo.ask("prompts/get"),
        ]
        for error in errors {
            #expect(error["error"] != nil)
            try schema.check(error, schema.errorName)
        }
    }

    private func checkCalls(of tool: JSONValue, _ demo: DemoHost, _ schema: OfficialSchema) async throws {
        let arguments: [JSONValue?] = [
            nil, [:], ["message": "m"], ["a": 1, "b": 2], ["dividend": 1, "divisor": 2], ["city": "Rome"],
            ["email": "e"], ["unknown": true],
        ]
        let name = try #require(tool["name"]?.string)
        let meta: JSONObject =
            demo.revision.era == .modern
            ? ["progressToken": 1, "io.modelcontextprotocol/logLevel": "debug"] : ["progressToken": 1]
        for arguments in arguments {
            var params: JSONObject = ["name": .string(name)]
            params["arguments"] = arguments
            let result = try await checkRounds("tools/call", params, meta, demo, schema)
            guard let result, result["resultType"] != "task" else { continue }
            try schema.check(result, "CallToolResult")
            guard result["isError"] == false, let output = tool["outputSchema"] else { continue }
            let data = try #require(result["structuredContent"])
            #expect(try JSONSchema(output).violations(of: data).isEmpty)
        }
    }

    /// Responds to input requests until the result arrives.
    ///
    /// Errors are checked and return nil.
    private func checkRounds(
        _ method: String,
        _ params: JSONObject,
        _ meta: JSONObject,
        _ demo: DemoHost,
        _ schema: OfficialSchema
    ) async throws -> JSONValue? {
        var params = params
        while true {
            let answer = try await demo.ask(method, params, meta: meta)
            guard let result = answer["result"] else {
                try schema.check(answer, schema.errorName)
                return nil
            }
            guard result["resultType"] == "input_required" else { return result }
            try schema.check(result, "InputRequiredResult")
            params["inputResponses"] = DemoHost.responses(to: result)
            params["requestState"] = result["requestState"]
        }
    }

    private func checkTasks(_ demo: DemoHost, _ schema: OfficialSchema) async throws {
        for name in ["slow_compute", "failing_job", "protocol_error_job", "confirm_delete", "multi_input"] {
            let created = try await demo.ask("tools/call", ["name": .string(name), "task": ["ttl": 60_000]])["result"]
            try schema.check(created, "CreateTaskResult")
            let id: JSONObject = ["taskId": try #require(created?["task"]?["taskId"])]
            try schema.check(try await demo.ask("tasks/get", id)["result"], "GetTaskResult")
            let result = try await demo.ask("tasks/result", id)
            try schema.check(result["result"] ?? result, result["error"] == nil ? "CallToolResult" : schema.errorName)
            try schema.check(try await demo.ask("tasks/get", id)["result"], "GetTaskResult")
        }
        let waiting = try await demo.ask("tools/call", ["name": "confirm_delete", "task": [:]])["result"]
        let id: JSONObject = ["taskId": try #require(waiting?["task"]?["taskId"])]
        try schema.check(try await demo.ask("tasks/cancel", id)["result"], "CancelTaskResult")
        try schema.check(try await demo.ask("tasks/list")["result"], "ListTasksResult")
    }

    private func checkResources(_ demo: DemoHost, _ schema: OfficialSchema) async throws {
        let resources = try await demo.ask("resources/list")["result"]
        try schema.check(resources, "ListResourcesResult")
        try schema.check(try await demo.ask("resources/templates/list")["result"], "ListResourceTemplatesResult")
        let listed = (resources?["resources"]?.array ?? []).compactMap { $0["uri"] }
        for uri in listed + ["demo://weather/Rome", "test://template/1/data"] {
            try schema.check(try await demo.ask("resources/read", ["uri": uri])["result"], "ReadResourceResult")
        }
    }

    private func checkPrompts(_ demo: DemoHost, _ schema: OfficialSchema) async throws {
        let prompts = try await demo.ask("prompts/list")["result"]
        try schema.check(prompts, "ListPromptsResult")
        for prompt in prompts?["prompts"]?.array ?? [] {
            let names = (prompt["arguments"]?.array ?? []).compactMap { $0["name"]?.string }
            let arguments = JSONObject(names.map { JSONObject.Member(key: $0, value: "test://value") })
            let params: JSONObject = ["name": prompt["name"] ?? .null, "arguments": .object(arguments)]
            let result = try await checkRounds("prompts/get", params, [:], demo, schema)
            // Revisions without elicitation cannot serve the prompt that requests input.
            if result == nil, !demo.revision.profile.methods.keys.contains(.elicitationCreate) { continue }
            try schema.check(result, "GetPromptResult")
        }
        let params: JSONObject = [
            "ref": ["type": "ref/prompt", "name": "summarize"], "argument": ["name": "style", "value": ""],
        ]
        try schema.check(try await demo.ask("completion/complete", params)["result"], "CompleteResult")
    }
}

/// The definitions of one revision, each compiled once because they are large.
private final class OfficialSchema: Sendable {
    private let compiled = Mutex<[String: JSONSchema]>([:])
    private let root: JSONObject
    private let definitions: String
    private let revision: Revision

    init(_ revision: Revision) throws {
        let bytes = try SharedData.bytes("spec/schema/\(revision.wireName)/schema.json")
        root = try #require(try JSONValue(parsing: bytes).object)
        definitions = root["$defs"] == nil ? "definitions" : "$defs"
        self.revision = revision
    }

    /// The name of error responses.
    var errorName: String {
        root[definitions]?["JSONRPCErrorResponse"] == nil ? "JSONRPCError" : "JSONRPCErrorResponse"
    }

    func check(_ value: JSONValue?, _ name: String) throws {
        let value = try #require(value, "there is no \(name)")
        let violations = try definition(name).violations(of: value)
        #expect(violations.isEmpty, "\(revision) \(name): \(value)")
    }

    private func definition(_ name: String) throws -> JSONSchema {
        try compiled.withLock { compiled in
            if let schema = compiled[name] { return schema }
            var object = root
            object["$ref"] = .string("#/\(definitions)/\(name)")
            let schema = try JSONSchema(.object(object))
            compiled[name] = schema
            return schema
        }
    }
}
