import JSON
import MCP
import MCPServer
import TestSupport
import Testing
import TextUtilities

@Suite("Requests of the stateless era over HTTP", .timeLimit(.minutes(5)))
struct ModernTests {
    @Test("A call gets a JSON response without a session")
    func call() async throws {
        try await Serving.run(.sample()) { server in
            let request = server.modern(
                "tools/call",
                .call("say", ["text": "hello"]),
                name: "say",
                fields: ["Mcp-Session-Id: foreign"]
            )
            let response = try await server.send(request)
            #expect(response.status == 200)
            #expect(response["content-type"] == "application/json")
            #expect(response["cache-control"] == "no-store")
            #expect(response["mcp-session-id"] == nil)
            #expect(try response.json["result"]?["content"]?[0]?["text"] == "hello")
        }
    }

    @Test("Pipelined requests get their responses in order")
    func pipelining() async throws {
        let gate = Gate()
        try await Serving.run(.sample(gate)) { server in
            let connection = try await server.connect()
            let first = server.modern("tools/call", .call("wait"), name: "wait", id: 1)
            let others = (2...5).map { server.modern("tools/call", .call("say"), name: "say", id: $0) }
            connection.send(([first] + others).joined())
            gate.open()
            for id in 1...5 { #expect(try await connection.response().json["id"] == JSONValue(id)) }
        }
    }

    @Test("A notification turns the response into a stream that ends with the result")
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
            // The connection can be used again.
            connection.send(server.modern("tools/call", .call("say"), name: "say", id: 2))
            #expect(try await connection.response().status == 200)
        }
    }

    @Test("A client that accepts only JSON gets JSON, and one that accepts only events a stream")
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
                let response = try await server.send(call(accept))
                #expect(response["content-type"] == type)
            }
            try await server.expect(406, call("text/html"))
        }
    }

    @Test("A response that takes long becomes a stream that is kept alive")
    func silence() async throws {
        let (gate, started) = (Gate(), Mailbox())
        try await Serving.run(.sample(gate, started: started)) { server in
            let connection = try await server.connect()
            connection.send(server.modern("tools/call", .call("wait"), name: "wait"))
            _ = await started.next()
            server.clock.advance(by: .seconds(15))
            #expect(try await connection.head()["content-type"] == "text/event-stream")
            // The timer is set again after the head is written.
            await server.clock.untilPending(1)
            server.clock.advance(by: .seconds(15))
            #expect(try await connection.chunk()?.first == UInt8(ascii: ":"))
            gate.open()
            #expect(try await connection.event()?.json["result"] != nil)
        }
    }

    @Test("A client that disconnects cancels its request")
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

    @Test("A notification is accepted and has no effect")
    func notification() async throws {
        try await Serving.run(.sample()) { server in
            let body = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
            let response = try await server.send(
                server.http(fields: ["MCP-Protocol-Version: 2026-07-28"], body: body)
            )
            #expect(response.status == 202)
            #expect(response.body.isEmpty)
        }
    }

    @Test("GET and DELETE are refused", arguments: ["GET", "DELETE"])
    func otherMethods(_ method: String) async throws {
        try await Serving.run(.sample()) { server in
            let fields = ["MCP-Protocol-Version: 2026-07-28", "Accept: text/event-stream", "Mcp-Session-Id: x"]
            let response = try await server.send(server.http(method, fields: fields))
            #expect(response.status == 405)
            #expect(response["allow"] == "POST")
        }
    }
}

/// A request whose head contradicts its body, or that is invalid by itself, and the expected response.
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

@Suite("Requests of the stateless era that are refused", .timeLimit(.minutes(5)))
struct ModernRefusalTests {
    @Test("An invalid request is refused with its status, its code and the request's ID", arguments: WrongRequest.all)
    func refusal(_ wrong: WrongRequest) async throws {
        try await Serving.run(.sample()) { server in
            let response = try await server.send(server.http(fields: wrong.fields, body: wrong.body))
            #expect(response.status == wrong.status, "\(response.text)")
            #expect(try response.code == wrong.code, "\(response.text)")
            #expect(try response.json["id"] == 7)
        }
    }

    @Test(
        "Every valid form of the head is accepted",
        arguments: [
            "mcp-protocol-version: 2026-07-28\r\nMCP-METHOD:   tools/call  \r\nmcp-name:\tsay ",
            "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: =?base64?c2F5?=",
            "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: say\r\nMcp-Param-Zzz: 1\r\nLast-Event-ID: 3",
        ]
    )
    func right(_ fields: String) async throws {
        try await Serving.run(.sample()) { server in
            let response = try await server.send(server.http(fields: [fields], body: WrongRequest.call()))
            #expect(response.status == 200)
        }
    }

    @Test(
        "A body that is not a request is refused",
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
            let response = try await server.send(server.http(fields: [WrongRequest.version], body: body))
            #expect(response.status == 400)
            #expect(try response.code == code)
        }
    }
}
