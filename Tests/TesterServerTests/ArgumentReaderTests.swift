import JSON
import TestSupport
import Tester
import Testing

/// Arguments that models give in the wrong type: what is certain is converted, the rest is named.
@Suite(.timeLimit(.minutes(15)))
struct ArgumentReaderTests {
    @Test("arguments of a call given as a JSON string are sent as that object, and one finding says so")
    func argumentsGivenAsAStringAreConverted() async throws {
        let tester = try TesterUnderTest { method, _ in method == "tools/call" ? .result(#"{"content":[]}"#) : nil }
        let host = try await TesterHost(tester)
        try await host.call("connect_to_server", ["command": "canned"])
        let report = try await host.answer(
            "call_tool",
            ["name": "t", "arguments": #"{"a":1.0,"b":"ü"}"#, "timeout": "30", "force": "true"]
        )
        #expect(report["success"] == true, "\(report)")
        let sent = await (try tester.tap).sent.next(containing: #""method":"tools/call""#)
        #expect(sent.contains(#""arguments":{"a":1.0,"b":"ü"}"#), "\(sent)")
        let findings = try #require(report["findings"]?.array)
        #expect(findings.count == 1)
        let message = findings[0]["message"]?.string ?? ""
        for name in ["`arguments` (now an object)", "`timeout` (now a number)", "`force` (now a boolean)"] {
            #expect(message.contains(name), "\(message)")
        }
    }

    @Test("numbers given as strings are converted")
    func numbersGivenAsStringsAreConverted() async throws {
        let report = try await TesterHost(TesterUnderTest()).answer("add", ["a": "2", "b": "-3"])
        #expect(report["result"] == -1)
        #expect(report["findings"]?.array?.count == 1)
    }

    @Test("right types leave no finding")
    func rightTypesLeaveNoFinding() async throws {
        let report = try await TesterHost(TesterUnderTest()).answer("echo", ["message": "30"])
        #expect(report["result"] == "30")
        #expect(report["findings"] == nil)
    }

    @Test(
        "what cannot be converted is named",
        arguments: [
            ("add", ["a": "two", "b": 3], "`a`"), ("add", ["a": "1.5", "b": 3], "`a`"),
            ("call_tool", ["name": "t", "arguments": "[1]"], "`arguments`"),
            ("call_tool", ["name": "t", "arguments": "{"], "`arguments`"),
            ("call_tool", [:], "`name`"), ("call_tool", ["name": "t", "tmeout": 3], "`timeout`"),
        ] as [(String, JSONObject, String)]
    )
    func whatCannotBeConvertedIsNamed(_ tool: String, _ arguments: JSONObject, _ name: String) async throws {
        let result = try await TesterHost(TesterUnderTest()).call(tool, arguments)
        let report = try #require(result["structuredContent"])
        #expect(result["isError"] == true)
        #expect(report["error"]?["error_type"] == "invalid_arguments", "\(report)")
        #expect(report["error"]?["message"]?.string?.contains(name) == true, "\(report)")
        #expect(report["error"]?["suggestion"]?.string?.hasPrefix("Parameters: ") == true)
    }

    @Test(
        "a value that may be secret is not repeated",
        arguments: [
            ["command": "x", "env": ["API_KEY": ["s3cret"]]], ["command": "x", "env": ["API_KEY": "s3cret\u{0}"]],
            ["command": "x", "env": "s3cret"], ["url": "http://h/mcp", "headers": ["API_KEY": ["s3cret"]]],
            ["url": "http://h/mcp", "headers": ["API_KEY": "s3cret\r\nX: y"]],
            ["url": "http://h/mcp", "auth": ["s3cret"]], ["url": "http://h/mcp", "auth": ["type": "s3cret"]],
            ["url": "http://h/mcp", "auth": ["type": ["s3cret"]]], ["url": "me:s3cret@localhost:8000/mcp"],
            ["url": "localhost:8000/mcp?token=s3cret"],
        ] as [JSONObject]
    )
    func aSecretIsNotRepeated(_ arguments: JSONObject) async throws {
        let host = try await TesterHost(TesterUnderTest())
        let report = try await host.answer("connect_to_server", arguments)
        #expect(report["success"] == false, "\(report)")
        for frame in host.wire.inbox.frames {
            #expect(!String(decoding: frame, as: UTF8.self).contains("s3cret"), "\(report)")
        }
        let members = (arguments["env"] ?? arguments["headers"])?.object?.keys ?? []
        for name in members { #expect(report["error"]?["message"]?.string?.contains(name) == true, "\(report)") }
    }

    @Test("numbers and booleans are accepted as environment variables")
    func scalarsAreAcceptedAsVariables() async throws {
        let tester = try TesterUnderTest()
        let variables: JSONValue = ["PORT": 8000, "DEBUG": true]
        try await TesterHost(tester).call("connect_to_server", ["command": "canned", "env": variables])
        #expect(try tester.target.process?.environment == ["PORT": "8000", "DEBUG": "true"])
    }
}
