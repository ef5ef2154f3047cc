import JSON
import JSONRPC
import MCP
import MCPServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct ErrorTests {
    private let host: ScriptedHost

    init() throws {
        host = ScriptedHost(try .sample())
    }

    @Test(
        arguments: [
            ("hello", nil, -32700),
            (#"{"jsonrpc":"2.0","id":"a","method":"ping","params":{"x":"\ud800"}}"#, "a", -32700),
            (#"{"id":"a","method":"ping"}"#, "a", -32600),
            (#"{"jsonrpc":"1.0","id":"a","method":"ping"}"#, "a", -32600),
            (#"{"jsonrpc":"2.0","id":"a"}"#, "a", -32600),
            (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, nil, -32600),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, nil, -32600),
            (#"{"jsonrpc":"2.0","id":"a","method":"ping","params":3}"#, "a", -32600),
            (#"{"jsonrpc":"2.0","id":"a","method":"ping","params":[]}"#, "a", -32602),
            (#"{"jsonrpc":"2.0","id":"a","method":"no/such"}"#, "a", -32601),
            (#"{"jsonrpc":"2.0","id":"a","method":"tools/list"}"#, "a", -32602),
            (#"{"jsonrpc":"2.0","id":"a","method":"initialize"}"#, "a", -32602),
            ("[]", nil, -32600),
            (#"[{"jsonrpc":"2.0","id":"a","method":"ping"}]"#, nil, -32600),
            ("7", nil, -32600),
        ] as [(String, String?, Int)]
    )
    func aBadLineGetsItsErrorAndTheNextLineIsServed(line: String, id: String?, code: Int) async throws {
        host.send(text: line)
        let answer = try await host.inbox.nextJSON()
        #expect(answer["id"] == (id.map(JSONValue.string) ?? .null))
        #expect(answer.code == code)
        #expect(try await host.ask("ping")["result"] == [:])
    }

    @Test(
        arguments: [
            #"{"jsonrpc":"2.0","method":"notifications/none"}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#,
            #"{"method":"notifications/none"}"#,
            #"{"jsonrpc":"2.0","id":99,"result":{}}"#,
            #"{"jsonrpc":"2.0","id":99,"error":{"code":1,"message":"m"}}"#,
        ]
    )
    func messagesThatExpectNoResponseGetNone(line: String) async throws {
        host.send(text: line)
        _ = try await host.ask("ping")
        #expect(host.inbox.frames.count == 1)
    }

    @Test func responsesRepeatTheIDUnchanged() async throws {
        for id in ["7", "\"7\"", "\"a-b\"", "9007199254740991", "-1", "\"\""] {
            host.send(text: #"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#)
            let bytes = await host.inbox.next()
            #expect(String(decoding: bytes, as: UTF8.self).contains("\"id\":\(id),"))
        }
    }

    @Test func methodsThatTheServerOrTheRevisionLacksAreNotFound() async throws {
        try await host.initialize("2025-06-18")
        for method in ["prompts/list", "resources/read", "server/discover", "resources/subscribe", "logging/setLevel"] {
            #expect(try await host.ask(method).code == -32601, "\(method)")
        }
        for method in ["initialize", "ping", "logging/setLevel", "subscriptions/listen", "tasks/list", "no/such"] {
            #expect(try await host.ask(method, .modern()).code == -32601, "\(method)")
        }
    }

    @Test func anRPCErrorOfAHandlerArrivesUnchanged() async throws {
        let answer = try await host.ask("tools/call", .modern(["name": "fail"]))
        #expect(answer["error"] == ["code": 7, "message": "seven"])
    }

    @Test func anyOtherErrorOfAHandlerRevealsNoDetails() async throws {
        let answer = try await host.ask("tools/call", .modern(["name": "break"]))
        #expect(answer["error"] == ["code": -32603, "message": "Internal error: tools/call failed unexpectedly"])
    }

    @Test func anIDThatIsInUseIsRefused() async throws {
        let gate = Gate()
        var server = Server(info: Implementation(name: "s", version: "1"))
        try server.add(Tool(name: "wait")) { _, _ in
            try await gate.wait()
            return .complete(.text("done"))
        }
        let host = ScriptedHost(server)
        host.request("tools/call", .modern(["name": "wait"]), id: 5)
        host.request("tools/call", .modern(["name": "wait"]), id: 5)
        #expect(try await host.inbox.nextJSON().code == -32600)
        gate.open()
        #expect(try await host.inbox.nextJSON().text == "done")
    }
}
