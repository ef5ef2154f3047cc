import JSON
import JSONSchema
import MCP
import Synchronization
import TestSupport
import Testing

/// Everything that the demo server says, held against the official schema of the revision it says it in.
@Suite(.timeLimit(.minutes(15)), .enabled(if: SharedData.isAvailable, "\(SharedData.absence)"))
struct OfficialSchemaTests {
    @Test(arguments: Revision.allCases)
    func everyResultAndNotificationConforms(revision: Revision) async throws {
        let schema = try OfficialSchema(revision)
        let demo = try DemoHost(revision: revision)
        if let answer = try await demo.open() { try schema.check(answer["result"], "InitializeResult") }
        if revision.era == .modern {
            try schema.check(try await demo.ask("server/discover")["result"], "DiscoverResult")
        } else {
            try schema.check(try await demo.ask("ping")["result"], "EmptyResult")
            try schema.check(try await demo.ask("logging/setLevel", ["level": "debug"])["result"], "EmptyResult")
        }
        let tools = try await demo.ask("tools/list")["result"]
        try schema.check(tools, "ListToolsResult")
        for tool in tools?["tools"]?.array ?? [] { try await checkCalls(of: tool, demo, schema) }
        try await checkResources(demo, schema)
        try await checkPrompts(demo, schema)
        for message in try demo.host.inbox.allJSON() {
            try schema.check(message, "JSONRPCMessage")
            if message["method"] != nil { try schema.check(message, "ServerNotification") }
        }
    }

    @Test(arguments: Revision.allCases)
    func everyErrorConforms(revision: Revision) async throws {
        let schema = try OfficialSchema(revision)
        let demo = try DemoHost(revision: revision)
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
            let result = try await demo.call(name, arguments, meta: meta)
            try schema.check(result, "CallToolResult")
            guard result["isError"] == false, let output = tool["outputSchema"] else { continue }
            let data = try #require(result["structuredContent"])
            #expect(try JSONSchema(output).violations(of: data).isEmpty)
        }
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
            try schema.check(try await demo.ask("prompts/get", params)["result"], "GetPromptResult")
        }
        let params: JSONObject = [
            "ref": ["type": "ref/prompt", "name": "summarize"], "argument": ["name": "style", "value": ""],
        ]
        try schema.check(try await demo.ask("completion/complete", params)["result"], "CompleteResult")
    }
}

/// The definitions of one revision, each compiled once: they are large.
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

    /// What error responses are called.
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
