import JSON
import JSONRPC
import TestSupport
import Tester
import Testing

/// What a host gets when it calls the tools, in both eras.
@Suite(.timeLimit(.minutes(15)))
struct ToolReportTests {
    @Test(arguments: TesterHost.Era.allCases)
    func aVerboseTextIsTheObjectAsJSON(_ era: TesterHost.Era) async throws {
        let host = try await connectedHost(era)
        let calls: [(String, JSONObject)] = [
            ("get_connection_status", [:]), ("list_tools", [:]), ("call_tool", ["name": "echo"]),
            ("list_resources", [:]),
            ("read_resource", ["uri": "x:y"]), ("list_prompts", [:]), ("get_prompt", ["name": "p"]),
            ("health_check", [:]),
            ("ping", [:]), ("echo", ["message": "ü"]), ("add", ["a": 1, "b": 2]), ("disconnect", [:]),
            ("call_tool", ["name": "echo"]),
        ]
        for (tool, arguments) in calls {
            var arguments = arguments
            arguments["verbose"] = true
            let result = try await host.call(tool, arguments)
            let text = try #require(result["content"]?[0]?["text"]?.string)
            #expect(result["content"]?.array?.count == 1)
            let structured = try #require(result["structuredContent"], "\(tool)")
            #expect(try JSONValue(parsing: Array(text.utf8)).isIdentical(to: structured), "\(tool)")
            #expect(structured["verdict"]?.string?.isEmpty == false)
            #expect(structured.object?.keys.first == "verdict")
            #expect(structured["success"]?.bool != nil)
            #expect(structured["metadata"]?["request_time_ms"]?.double != nil, "\(tool)")
            #expect((result["resultType"] == "complete") == (era == .modern))
        }
    }

    @Test func aLargePayloadIsCutInTheTextAndWholeInTheObject() async throws {
        let long = String(repeating: "y", count: 100_000)
        let tester = try TesterUnderTest { method, _ in
            method == "tools/call" ? .result(#"{"content":[{"type":"text","text":"\#(long)"}]}"#) : nil
        }
        let host = try await TesterHost(tester)
        try await host.call("connect_to_server", ["command": "canned"])
        let result = try await host.call("call_tool", ["name": "big"])
        let whole = try await host.call("call_tool", ["name": "big", "verbose": true])
        #expect(whole["structuredContent"]?["tool_call"]?["result"]?.string == long)
        let text = try #require(result["content"]?[0]?["text"]?.string)
        #expect(text.utf8.count <= 6000)
        let cut = try JSONValue(parsing: Array(text.utf8))["tool_call"]?["result"]?.string ?? ""
        #expect(cut.hasSuffix("of 100000 bytes omitted]"))
        let more = try await host.answer(
            "read_result",
            ["handle": "@1", "select": "/tool_call/result", "offset": 99_990]
        )
        #expect(more["value"] == "yyyyyyyyyy", "\(more)")
    }

    @Test(arguments: TesterHost.Era.allCases)
    func aFailureIsAnOrdinaryResult(_ era: TesterHost.Era) async throws {
        let host = try await TesterHost(TesterUnderTest(), era)
        let answer = try await host.answer("call_tool", ["name": "echo", "arguments": [:]])
        #expect(answer["success"] == false)
        #expect(answer["tool_call"]?.isNull == true)
        #expect(answer["error"]?["error_type"] == "not_connected")
        #expect(answer["error"]?.object?.keys == ["error_type", "message", "details", "suggestion"])
    }

    @Test func connectingHasTheKeysThatUsersKnow() async throws {
        let host = try await TesterHost(TesterUnderTest())
        let answer = try await host.answer("connect_to_server", ["command": "canned", "args": ["-x"]])
        #expect(answer["success"] == true)
        #expect(answer["message"] == "Successfully connected to canned -x")
        let connection = try #require(answer["connection"])
        #expect(connection["server_url"] == "canned -x")
        #expect(connection["server_info"]?["name"] == "canned")
        #expect(connection["headers_provided"] == false)
        #expect(connection["auth_type"]?.isNull == true)
        for key in ["request_time_ms", "transport", "server_url", "headers_provided", "auth_type"] {
            #expect(answer["metadata"]?[key] != nil, "\(key)")
        }
    }

    @Test func aFailedConnectionHasTheKeysThatUsersKnow() async throws {
        let tester = try TesterUnderTest { _, _ in .error(#"{"code":-32603,"message":"no"}"#) }
        let answer = try await TesterHost(tester).answer("connect_to_server", ["command": "canned"])
        #expect(answer["connection"]?.isNull == true)
        #expect(answer["error"]?["error_type"] == "connection_failed")
        #expect(answer["failure_class"] == "handshake")
        #expect(answer["metadata"]?["attempted_url"] == "canned")
        #expect(answer["metadata"]?["request_time_ms"] != nil)
    }

    @Test(
        arguments: [
            ([:], "Neither url nor command is given."),
            (["command": "x", "protocol": "1999-01-01"], "Unknown protocol"),
            (["url": "htp://localhost/mcp"], "Did you mean http://?"),
        ] as [(JSONObject, String)]
    )
    func aQuestionThatMakesNoSenseIsToldSo(_ arguments: JSONObject, _ text: String) async throws {
        let answer = try await TesterHost(TesterUnderTest()).answer("connect_to_server", arguments)
        #expect(answer["failure_class"] == "usage")
        #expect(answer["error"]?["error_type"] == "invalid_arguments")
        #expect(answer["error"]?["message"]?.string?.contains(text) == true, "\(answer)")
        #expect(answer["error"]?["suggestion"]?.string?.isEmpty == false)
    }

    @Test func headersAndCredentialsAreSaidToHaveNoMeaning() async throws {
        let host = try await TesterHost(TesterUnderTest())
        let answer = try await host.answer(
            "connect_to_server",
            ["command": "canned", "headers": ["X-Key": "s3cret"], "auth": "t0ken"]
        )
        #expect(answer["success"] == true)
        #expect(answer["findings"]?.array?.map { $0["failure_class"] } == ["usage", "usage"])
    }

    @Test func theToolsAboutTheTesterItselfNeedNoConnection() async throws {
        let host = try await TesterHost(TesterUnderTest())
        #expect(try await host.answer("ping")["result"] == "pong")
        #expect(try await host.answer("echo", ["message": "ü 😀"])["result"] == "ü 😀")
        #expect(try await host.answer("add", ["a": -3, "b": 5])["result"] == 2)
        let health = try await host.answer("health_check")
        #expect(health["status"] == "healthy")
        #expect(health["server"] == "mcp-test-mcp")
        #expect(health["version"] == "9.9")
        #expect(health["transport"] == "stdio")
    }

    @Test func aSumBeyondItsRoomIsRefusedAndNotWrong() async throws {
        let answer = try await TesterHost(TesterUnderTest()).answer(
            "add",
            ["a": .number(JSONNumber(Int64.max)), "b": 1]
        )
        #expect(answer["success"] == false)
        #expect(answer["failure_class"] == "usage")
    }

    @Test func theArgumentsOfACallReachTheTargetToTheByte() async throws {
        let tester = try TesterUnderTest { method, _ in method == "tools/call" ? .result(#"{"content":[]}"#) : nil }
        let host = try await TesterHost(tester)
        try await host.call("connect_to_server", ["command": "canned"])
        let arguments = #"{"b":1.0,"a":1e400,"n":12345678901234567890,"a":-0.0}"#
        let call = #"{"name":"call_tool","arguments":{"name":"t","arguments":\#(arguments)}}"#
        host.wire.send(text: #"{"jsonrpc":"2.0","id":"raw","method":"tools/call","params":\#(call)}"#)
        let answer = try await host.wire.answer(to: "raw")
        #expect(answer["result"]?["structuredContent"]?["success"] == true)
        let sent = await (try tester.tap).sent.next(containing: #""method":"tools/call""#)
        #expect(sent.contains(#""arguments":\#(arguments)"#), "\(sent)")
    }

    private func connectedHost(_ era: TesterHost.Era) async throws -> TesterHost {
        let tester = try TesterUnderTest { method, _ in
            switch method {
            case "tools/call": .result(#"{"content":[{"type":"text","text":"hi"}],"structuredContent":{"n":1e400}}"#)
            case "resources/read": .result(#"{"contents":[{"uri":"x:y","text":"a"}]}"#)
            case "prompts/get": .result(#"{"messages":[]}"#)
            default: nil
            }
        }
        let host = try await TesterHost(tester, era)
        try await host.call("connect_to_server", ["command": "canned"])
        return host
    }
}
