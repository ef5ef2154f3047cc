import ChildProcesses
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPStdio
import TestSupport
import Testing

@Suite("Requests with typed parameters and results", .timeLimit(.minutes(15)))
struct TypedRequestTests {
    @Test(
        "a real server is used through typed requests in both eras",
        .enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"),
        arguments: [EraChoice.legacy, .modern]
    )
    func realServer(_ era: EraChoice) async throws {
        let client = try await Client.connect(
            command: .init(
                executable: TestPeers.mcp2.program("python"),
                arguments: [TestPeers.script("servers/mcp2_server.py")]
            ),
            options: ClientOptions(era: era, info: testerInfo, limits: .patient)
        )
        let page = try await client.request(.toolsList, PaginatedParams())
        #expect(page.tools?.contains { $0.name == "echo" } == true)
        #expect(page.problems(in: client.revision).isEmpty)
        let params = CallToolParams(name: "echo", arguments: ["message": "grüezi 😀"])
        let result = try await client.request(.toolsCall, params)
        #expect(result.content?.compactMap(\.text) == ["grüezi 😀"])
        #expect(result.isError != true)
        await client.close()
    }

    @Test("parameters are sent as they are, with the envelope of the era added")
    func parameters() async throws {
        let server = CannedServer(.modern) { method, _ in
            method == "prompts/get" ? .result(#"{"resultType":"complete","messages":[]}"#) : nil
        }
        let client = try await Client.connect(to: server)
        var params = GetPromptParams(name: "p", arguments: ["x": "1"])
        params.meta = ["own": 1]
        let result = try await client.request(.promptsGet, params)
        #expect(result.messages?.isEmpty == true)
        let sent = try #require(try server.inbox.allJSON().last?["params"])
        #expect(sent["name"] == "p")
        #expect(sent["arguments"] == ["x": "1"])
        #expect(sent["_meta"]?["own"] == 1)
        #expect(sent["_meta"]?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
    }

    @Test("a result keeps the members that the library does not know")
    func unknownMembers() async throws {
        let server = CannedServer { method, _ in
            method == "tools/call"
                ? .result(#"{"content":[{"type":"hologram","x":1}],"later":true,"isError":"no"}"#) : nil
        }
        let client = try await Client.connect(to: server)
        let result = try await client.request(.toolsCall, CallToolParams(name: "t"))
        #expect(result.json["later"] == true)
        #expect(result.content?.first?.json["x"] == 1)
        #expect(result.isError == nil, "a member of a wrong type is nil")
        #expect(!result.problems(in: client.revision).isEmpty)
    }

    @Test("a result that is not an object is an error that shows it")
    func resultOfAnotherType() async throws {
        let server = CannedServer { method, _ in method == "ping" ? .result("[1]") : nil }
        let client = try await Client.connect(to: server)
        let failure = try await #require(throws: CallError.self) { try await client.request(.ping, EmptyParams()) }
        guard case .invalid(_, let result) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(result.description == "[1]")
    }

    @Test("the error of a server is thrown with its code")
    func serverError() async throws {
        let client = try await Client.connect(to: CannedServer { _, _ in nil })
        let failure = try await #require(throws: CallError.self) {
            try await client.request(.resourcesRead, ReadResourceParams(uri: "x:1"))
        }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.errorCode == .methodNotFound)
    }

    @Test("a method that the library does not know can be given types, too")
    func ownMethod() async throws {
        let server = CannedServer { method, _ in method == "acme/sum" ? .result(#"{"sum":3}"#) : nil }
        let client = try await Client.connect(to: server)
        let signature = MethodSignature<EmptyParams, EmptyResult>("acme/sum")
        let result = try await client.request(signature, EmptyParams(json: ["a": 1, "b": 2]))
        #expect(result.json["sum"] == 3)
    }
}
