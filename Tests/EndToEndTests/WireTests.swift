import JSON
import TestSupport
import Testing

/// What the stdio server writes for any input.
@Suite(.timeLimit(.minutes(15)))
struct WireTests {
    private static let ping = #"{"jsonrpc":"2.0","id":7,"method":"ping"}"#

    @Test(arguments: [
        (line: "{bad", code: -32700),
        (line: "\"\\ud800\"", code: -32700),
        (line: "[]", code: -32600),
        (line: "3", code: -32600),
        (line: #"{"jsonrpc":"2.0","id":1}"#, code: -32600),
        (line: #"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, code: -32600),
        (line: #"{"jsonrpc":"2.0","id":1,"method":5}"#, code: -32600),
        (line: #"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, code: -32601),
        (line: #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"no_such"}}"#, code: -32602),
    ])
    func anInvalidLineGetsItsErrorCodeAndTheNextLineIsServed(line: String, code: Int) async throws {
        let run = try await RunningProgram.run([], input: "\(line)\n\(Self.ping)\n")
        let messages = try run.messages()
        try #require(messages.count == 2, "\(run)")
        #expect(messages[0]["error"]?["code"]?.int == code, "\(run)")
        #expect(messages[0]["error"]?["message"]?.string?.isEmpty == false)
        #expect(messages[1]["id"] == 7 && messages[1]["result"] != nil, "\(run)")
        #expect(run.code == 0)
    }

    @Test func standardOutputHasOnlyMessagesAndStandardErrorOnlyJSONLines() async throws {
        let host = Host(try await RunningProgram(environment: ["MCP_TEST_LOG_LEVEL": "DEBUG"]))
        for line in ["\u{0}\u{1}", "GET / HTTP/1.1", "", "   ", "\u{FEFF}{}", "null"] { host.send(line) }
        try await host.initialize()
        try await host.connect(to: [Product.path, "demo", "--fault", "noise-on-stdout", "--fault", "stderr-flood"])
        _ = try await host.call("call_tool", ["name": "echo", "arguments": ["message": "hi"]])
        let run = await host.finish()
        for message in try run.messages() {
            #expect(message["jsonrpc"] == "2.0")
            #expect((message["result"] != nil) != (message["error"] != nil) || message["method"] != nil, "\(message)")
        }
        #expect(!run.errorLines.isEmpty)
        for line in run.errorLines {
            let entry = try JSONValue(parsing: line)
            for key in ["timestamp", "level", "logger", "message"] { #expect(entry[key]?.string != nil, "\(line)") }
        }
        #expect(run.code == 0)
    }

    @Test func eachRequestOfABatchGetsOneResponse() async throws {
        let host = try await Host.connected(revision: "2025-03-26")
        let call =
            #"{"jsonrpc":"2.0","id":"b","method":"tools/call","params":{"name":"add","arguments":{"a":1,"b":2}}}"#
        host.send(
            #"[{"jsonrpc":"2.0","id":"a","method":"ping"},\#(call),5,{"jsonrpc":"2.0","method":"notifications/x"}]"#
        )
        let run = await host.finish()
        let answers = try run.messages().dropFirst().flatMap { $0.array ?? [$0] }
        #expect(answers.count == 3, "\(run)")
        #expect(answers.count { $0["id"] == "a" && $0["result"] == [:] } == 1)
        #expect(answers.count { $0["id"] == "b" && $0["result"]?["isError"] == false } == 1)
        #expect(answers.count { $0["id"] == nil || $0["id"]?.isNull == true } == 1)
    }

    @Test func aBatchIsRefusedInARevisionWithoutBatches() async throws {
        let host = try await Host.connected(revision: "2025-06-18")
        host.send("[\(Self.ping)]")
        let run = await host.finish()
        #expect(try run.messages().last?["error"]?["code"] == -32600, "\(run)")
    }

    @Test func bothErasAreServedOnOnePipe() async throws {
        let host = try await Host.connected()
        let discovery = try await host.ask("server/discover", .object(.modern()))
        #expect(discovery["result"]?["supportedVersions"]?.array?.first == "2026-07-28")
        #expect(discovery["result"]?["supportedVersions"]?.array?.contains("2025-11-25") == true)
        #expect(discovery["result"]?["capabilities"]?["logging"] == nil)
        let info = discovery["result"]?["_meta"]?["io.modelcontextprotocol/serverInfo"]
        for member in ["title", "description", "websiteUrl", "icons"] { #expect(info?[member] != nil, "\(member)") }
        let params: JSONObject = .modern(["name": "echo", "arguments": ["message": "modern"]])
        let modern = try await host.ask("tools/call", .object(params))
        #expect(modern["result"]?["resultType"] == "complete")
        #expect(modern["result"]?["structuredContent"]?["result"] == "modern")
        let legacy = try await host.ask("tools/call", ["name": "echo", "arguments": ["message": "legacy"]])
        #expect(legacy["result"]?["resultType"] == nil)
        #expect(legacy["result"]?["structuredContent"]?["result"] == "legacy")
        #expect(await host.finish().code == 0)
    }

    @Test func aConnectionOutlivesItsRequestWithoutASession() async throws {
        let host = Host(try await RunningProgram())
        let connect: JSONObject = .modern([
            "name": "connect_to_server", "arguments": ["command": .string(Product.path), "args": ["demo"]],
        ])
        let connected = try await host.ask("tools/call", .object(connect))
        #expect(connected["result"]?["structuredContent"]?["success"] == true, "\(connected)")
        let list = try await host.ask(
            "tools/call",
            .object(.modern(["name": "list_tools", "arguments": ["verbose": true]]))
        )
        #expect(list["result"]?["structuredContent"]?["tools"]?.array?.isEmpty == false, "\(list)")
        #expect(await host.finish().code == 0)
    }

    @Test func argumentsThatViolateTheSchemaAreNamedInTheError() async throws {
        let host = try await Host.connected()
        let answer = try await host.ask("tools/call", ["name": "echo", "arguments": ["message": 3]])
        #expect(answer["result"]?["isError"] == true)
        #expect(answer["result"]?["content"]?[0]?["text"]?.string?.contains("`message`: expected a string") == true)
        #expect(await host.finish().code == 0)
    }

    @Test func aVeryLongLineGetsAResponse() async throws {
        let host = try await Host.connected()
        let message = String(repeating: "ü😀", count: 500_000)
        let answer = try await host.call("echo", ["message": .string(message), "verbose": true])
        #expect(answer["result"]?.string == message)
        #expect(await host.finish().code == 0)
    }

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func aPingOvertakesAListOfThousandsOfTools() async throws {
        let host = try await Host.connected()
        let target = try FaultyServer("many-tools", options: ["--count", "5000"])
        try await host.connect(to: [FaultyServer.python] + target.arguments)
        let listing = host.request("tools/call", ["name": "list_tools", "arguments": ["verbose": true]])
        let ping = host.request("ping")
        #expect(try await host.message()["id"]?.int == ping)
        let answer = try await host.answer(to: listing)
        #expect(answer["result"]?["structuredContent"]?["tools"]?.array?.count == 5000)
        #expect(try target.methods().last == "tools/list")
        #expect(await host.finish().code == 0)
    }
}
