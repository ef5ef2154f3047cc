import JSON
import MCP
import MCPServer
import TestSupport
import Testing
import TextUtilities

@Suite("Requests of the modern era over HTTP", .timeLimit(.minutes(1)))
struct ModernTests {
    @Test("A call is answered with JSON, and with no session")
    func call() async throws {
        try await Serving.run(.sample()) { server in
            let request = server.modern(
                "tools/call",
                .call("say", ["text": "hello"]),
                name: "say",
                fields: ["Mcp-Session-Id: foreign"]
            )
            let answer = try await server.ask(request)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/json")
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["mcp-session-id"] == nil)
            #expect(try answer.json["result"]?["content"]?[0]?["text"] == "hello")
        }
    }

    @Test("Requests that are sent ahead are answered in their order on one connection")
    func pipelining() async throws {
        let gate = Gate()
        try await Serving.run(.sample(gate)) { server in
            let connection = try await server.connect()
            let first = server.modern("tools/call", .call("wait"), name: "wait", id: 1)
            let others = (2...5).map { server.modern("tools/call", .call("say"), name: "say", id: $0) }
            connection.send(([first] + others).joined())
            gate.open()
            for id in 1...5 { #expect(try await connection.answer().json["id"] == JSONValue(id)) }
        }
    }

    @Test("Notifications make the answer a stream that ends with the response")
    func stream() async throws {
        let gate = Gate()
        try await Serving.run(.sample(gate)) { server in
            let connection = try await server.connect()
            connection.send(server.modern("tools/call", .call("notify"), name: "notify"))
            let head = try await connection.head()
            #expect(head.status == 200)
            #expect(head["content-type"] == "text/event-stream")
            #expect(head["x-accel-buffering"] == "no")
            #expect(try await connection.event()?.json["params"]?["data"] == "one")
            #expect(try await connection.event()?.json["params"]?["data"] == "two")
            gate.open()
            #expect(try await connection.event()?.json["params"]?["data"] == "three")
            let last = try #require(try await connection.event())
            #expect(try last.json["result"]?["content"]?[0]?["text"] == "notified")
            #expect(last.id == nil)
            #expect(try await connection.event() == nil)
            // The connection is good for more.
            connection.send(server.modern("tools/call", .call("say"), name: "say", id: 2))
            #expect(try await connection.answer().status == 200)
        }
    }

    @Test("A client that reads only JSON is given JSON, one that reads only events a stream")
    func accept() async throws {
        let gate = Gate()
        gate.open()
        try await Serving.run(.sample(gate)) { server in
            let call = { (accept: String) in
                server.modern("tools/call", .call("notify"), name: "notify", fields: ["Accept: \(accept)"])
            }
            for (accept, type) in [
                ("application/json", "application/json"),
                ("text/event-stream", "text/event-stream"),
                ("*/*", "text/event-stream"),
            ] {
                let answer = try await server.ask(call(accept))
                #expect(answer["content-type"] == type)
            }
            try await server.expect(406, call("text/html"))
        }
    }

    @Test("After a silence the answer becomes a stream, which then shows signs of life")
    func silence() async throws {
        let (gate, started) = (Gate(), Mailbox())
        try await Serving.run(.sample(gate, started: started)) { server in
            let connection = try await server.connect()
            connection.send(server.modern("tools/call", .call("wait"), name: "wait"))
            _ = await started.next()
            server.clock.advance(by: .seconds(15))
            #expect(try await connection.head()["content-type"] == "text/event-stream")
            server.clock.advance(by: .seconds(15))
            #expect(try await connection.chunk()?.first == UInt8(ascii: ":"))
            gate.open()
            #expect(try await connection.event()?.json["result"] != nil)
        }
    }

    @Test("Whoever leaves has cancelled, also before anything was said")
    func leaving() async throws {
        let (started, cancelled) = (Mailbox(), Mailbox())
        try await Serving.run(.sample(started: started, cancelled: cancelled)) { server in
            let connection = try await server.connect()
            connection.send(server.modern("tools/call", .call("wait"), name: "wait"))
            _ = await started.next()
            try await connection.close()
            #expect(await cancelled.next() == Array("wait".utf8))
        }
    }

    @Test("A notification is taken and dropped")
    func notification() async throws {
        try await Serving.run(.sample()) { server in
            let body = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
            let answer = try await server.ask(
                server.http(fields: ["MCP-Protocol-Version: 2026-07-28"], body: body)
            )
            #expect(answer.status == 202)
            #expect(answer.body.isEmpty)
        }
    }

    @Test("GET and DELETE are not of this era", arguments: ["GET", "DELETE"])
    func otherMethods(_ method: String) async throws {
        try await Serving.run(.sample()) { server in
            let fields = ["MCP-Protocol-Version: 2026-07-28", "Accept: text/event-stream", "Mcp-Session-Id: x"]
            let answer = try await server.ask(server.http(method, fields: fields))
            #expect(answer.status == 405)
            #expect(answer["allow"] == "POST")
        }
    }
}

/// A request whose head and body contradict each other, or that is wrong by itself, and what is answered.
struct WrongRequest: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var fields: [String]
    var body: String
    var status: Int
    var code: Int

    static let version = "MCP-Protocol-Version: 2026-07-28"

    static func call(_ params: JSONObject = .call("say")) -> String {
        Serving.body("tools/call", .modern(params), id: 7)
    }

    init(_ description: String, _ fields: [String], _ body: String = call(), status: Int = 400, is code: Int) {
        testDescription = description
        self.fields = fields
        self.body = body
        self.status = status
        self.code = code
    }

    static let method = "Mcp-Method: tools/call"
    static let name = "Mcp-Name: say"
    static let strange = #""io.modelcontextprotocol/protocolVersion":"v999.0.0""#

    static let all: [WrongRequest] = [
        WrongRequest("no version in the head", [method, name], is: -32020),
        WrongRequest("another version in the head", ["MCP-Protocol-Version: 2025-11-25", method, name], is: -32020),
        WrongRequest("no method in the head", [version, name], is: -32020),
        WrongRequest("another method in the head", [version, "Mcp-Method: tools/list", name], is: -32020),
        WrongRequest("the method in other letters", [version, "Mcp-Method: TOOLS/CALL", name], is: -32020),
        WrongRequest("no name in the head", [version, method], is: -32020),
        WrongRequest("another name in the head", [version, method, "Mcp-Name: fail"], is: -32020),
        WrongRequest("a name in bad Base64", [version, method, "Mcp-Name: =?base64?c2F5IQ?="], is: -32020),
        WrongRequest(
            "a name in Base64 with bits left over",
            [version, method, "Mcp-Name: =?base64?c2F5Ig=?="],
            is: -32020
        ),
        WrongRequest("the version twice in the head", [version, version, method, name], is: -32020),
        WrongRequest("the method twice in the head", [version, method, method, name], is: -32020),
        WrongRequest("the name twice in the head", [version, method, name, name], is: -32020),
        WrongRequest(
            "no envelope",
            [version, method, name],
            Serving.body("tools/call", .call("say"), id: 7),
            is: -32602
        ),
        WrongRequest(
            "half an envelope, and a head that contradicts",
            [version, "Mcp-Method: other"],
            Serving.body("tools/call", ["_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28"]], id: 7),
            is: -32602
        ),
        WrongRequest(
            "an unknown version",
            ["MCP-Protocol-Version: v999.0.0", method, name],
            call().replacing("\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"", with: strange),
            is: -32022
        ),
        WrongRequest(
            "an unknown version in the head and no envelope",
            ["MCP-Protocol-Version: v999.0.0"],
            Serving.body("tools/list", [:], id: 7),
            is: -32602
        ),
        WrongRequest(
            "an unknown method",
            [version, "Mcp-Method: tools/forget"],
            Serving.body("tools/forget", .modern(), id: 7),
            status: 404,
            is: -32601
        ),
        WrongRequest(
            "a handshake with an envelope",
            [version],
            Serving.body("initialize", .modern(), id: 7),
            status: 404,
            is: -32601
        ),
        WrongRequest(
            "a handshake with the head of this era",
            [version],
            Serving.body("initialize", ["protocolVersion": "2025-11-25"], id: 7),
            status: 404,
            is: -32601
        ),
        WrongRequest("an unknown tool", [version, method, "Mcp-Name: no"], call(.call("no")), is: -32602),
        WrongRequest(
            "a failing tool",
            [version, method, "Mcp-Name: fail"],
            call(.call("fail")),
            status: 200,
            is: -32603
        ),
    ]
}

@Suite("Requests of the modern era that are refused", .timeLimit(.minutes(1)))
struct ModernRefusalTests {
    @Test("A wrong request is refused with its status, its code and the request's id", arguments: WrongRequest.all)
    func refusal(_ wrong: WrongRequest) async throws {
        try await Serving.run(.sample()) { server in
            let answer = try await server.ask(server.http(fields: wrong.fields, body: wrong.body))
            #expect(answer.status == wrong.status, "\(answer.text)")
            #expect(try answer.code == wrong.code, "\(answer.text)")
            #expect(try answer.json["id"] == 7)
        }
    }

    @Test(
        "Right forms of the head are taken",
        arguments: [
            "mcp-protocol-version: 2026-07-28\r\nMCP-METHOD:   tools/call  \r\nmcp-name:\tsay ",
            "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: =?base64?c2F5?=",
            "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: say\r\nMcp-Param-Zzz: 1\r\nLast-Event-ID: 3",
        ]
    )
    func right(_ fields: String) async throws {
        try await Serving.run(.sample()) { server in
            let answer = try await server.ask(server.http(fields: [fields], body: WrongRequest.call()))
            #expect(answer.status == 200)
        }
    }

    @Test(
        "What is no request is refused",
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}"#, -32600),
            (#"[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]"#, -32600),
            ("[]", -32600),
            ("17", -32600),
            ("{", -32700),
            ("", -32700),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}"#, -32600),
        ]
    )
    func noRequest(_ body: String, _ code: Int) async throws {
        try await Serving.run(.sample()) { server in
            let answer = try await server.ask(server.http(fields: [WrongRequest.version], body: body))
            #expect(answer.status == 400)
            #expect(try answer.code == code)
        }
    }
}
