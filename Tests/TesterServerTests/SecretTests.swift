import JSON
import MCPTransport
import TestSupport
import Tester
import Testing

/// A target repeats every secret that it was given; no answer of the tester does.
@Suite(.timeLimit(.minutes(15)))
struct SecretTests {
    private static let secrets = [
        "s3cret-token", "s3cret-header", "pass word\"1", "s3cret-query", "s3cret-argument", "s3cret-call",
    ]

    private static var echo: JSONObject {
        ["text": .string("you sent \(secrets.joined(separator: " and "))")]
    }

    @Test func whatTheTargetRepeatsIsReplaced() async throws {
        let tester = try TesterUnderTest { method, _ in
            switch method {
            case "tools/list":
                let tool: JSONValue = [
                    "name": "t", "description": .object(Self.echo), "inputSchema": ["type": "object"],
                ]
                return .result(JSONValue.object(["tools": [tool]]).description)
            case "tools/call":
                let content: JSONValue = [["type": "text", "text": Self.echo["text"] ?? nil]]
                return .result(
                    JSONValue.object(["content": content, "structuredContent": .object(Self.echo)]).description
                )
            case "resources/read":
                let error: JSONObject = ["code": -32000, "message": Self.echo["text"] ?? nil]
                return .error(JSONValue.object(error).description)
            default: return nil
            }
        }
        let host = try await TesterHost(tester)
        var answers = [
            try await host.call(
                "connect_to_server",
                [
                    "url": "http://u:pass%20word%221@h.test/mcp?access_token=s3cret-query",
                    "headers": ["X-Key": "s3cret-header"],
                    "auth": "s3cret-token",
                ]
            )
        ]
        answers.append(
            try await host.call(
                "call_tool",
                [
                    "name": "t", "arguments": ["password": "s3cret-argument", "city": "Lisbon"],
                    "headers": ["X-Call-Key": "s3cret-call"],
                ]
            )
        )
        answers.append(try await host.call("list_tools"))
        answers.append(try await host.call("read_resource", ["uri": "x://y"]))
        answers.append(try await host.call("get_events"))
        answers.append(try await host.call("get_connection_status"))
        for answer in answers {
            for secret in Self.secrets {
                #expect(!answer.description.contains(secret), "\(secret): \(answer)")
                #expect(!answer.description.contains(secret.replacing("\"", with: "\\\"")), "\(secret): \(answer)")
            }
        }
        let text = try #require(answers[1]["structuredContent"]).description
        for kind in ["token", "header", "password", "query", "argument"] {
            #expect(text.contains("‹redacted:\(kind)›"), "\(kind)")
        }
        #expect(text.contains("Lisbon"))
    }

    @Test func anotherPrincipalsSecretsAreNotReplaced() async throws {
        let tester = try TesterUnderTest { method, _ in
            method == "tools/call" ? .result(#"{"content":[{"type":"text","text":"s3cret-token"}]}"#) : nil
        }
        let one = try await TesterHost(tester, principal: .subject("one"))
        _ = try await one.call("connect_to_server", ["url": "http://h.test/mcp", "auth": "s3cret-token"])
        let other = try await TesterHost(tester, principal: .subject("two"))
        _ = try await other.call("connect_to_server", ["url": "http://h.test/mcp"])
        #expect(try await other.call("call_tool", ["name": "t"]).description.contains("s3cret-token"))
        #expect(!(try await one.call("call_tool", ["name": "t"]).description.contains("s3cret-token")))
    }
}
