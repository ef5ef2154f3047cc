import JSON
import JSONRPC
import MCPHTTPServer
import MCPTransport
import TestSupport
import Testing

@Suite("Arguments that headers must repeat", .timeLimit(.minutes(5)))
struct MirroredArgumentTests {
    /// Responds to every request, and has one tool with three mirrored arguments.
    private final class Echo: ServerConversation {
        func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
            guard case .message(.request(let request)) = frame.content else { return }
            reply?(.answer(Message.encode(id: request.id, result: JSONText(.object([:])))))
        }

        func finish() async {}
        func cancel() async {}

        func mirroredArguments(ofTool name: String) -> [MirroredArgument] {
            guard name == "weather" else { return [] }
            return [
                MirroredArgument(field: "Region", path: ["region"]),
                MirroredArgument(field: "Days", path: ["range", "days"]),
                MirroredArgument(field: "Exact", path: ["exact"]),
            ]
        }
    }

    private func response(to arguments: JSONObject, _ fields: [String], tool: String = "weather") async throws
        -> RawResponse
    {
        var response: RawResponse?
        try await Serving.run({ _ in Echo() }) { server in
            let request = server.modern("tools/call", .call(tool, arguments), name: tool, fields: fields)
            response = try await server.send(request)
        }
        return try #require(response)
    }

    @Test(
        "Headers that match the arguments are accepted",
        arguments: [
            (["region": "eu"], ["Mcp-Param-Region: eu"]),
            (["region": "eu"], ["mcp-param-REGION:  eu "]),
            (["region": "eu"], ["Mcp-Param-Region: =?base64?ZXU=?="]),
            (["region": "Köln"], ["Mcp-Param-Region: =?base64?S8O2bG4=?="]),
            (["region": ""], ["Mcp-Param-Region:"]),
            (["range": ["days": 42]], ["Mcp-Param-Days: 42"]),
            (["range": ["days": 42]], ["Mcp-Param-Days: 42.0"]),
            (["exact": true], ["Mcp-Param-Exact: true"]),
            (["region": .null], []),
            ([:], ["Mcp-Param-Zzz: unknown"]),
        ] as [(JSONObject, [String])]
    )
    func right(_ arguments: JSONObject, _ fields: [String]) async throws {
        let response = try await response(to: arguments, fields)
        #expect(response.status == 200, "\(response.text)")
    }

    @Test(
        "Headers that contradict the arguments are refused",
        arguments: [
            (["region": "eu"], []),
            (["region": "eu"], ["Mcp-Param-Region: us"]),
            (["region": "eu"], ["Mcp-Param-Region: EU"]),
            (["region": "eu"], ["Mcp-Param-Region: eu", "Mcp-Param-Region: eu"]),
            (["region": "eu"], ["Mcp-Param-Region: =?base64?ZXU?="]),
            (["region": "eu"], ["Mcp-Param-Region: é"]),
            (["range": ["days": 42]], ["Mcp-Param-Days: 43"]),
            (["range": ["days": 42]], ["Mcp-Param-Days: forty-two"]),
            (["exact": true], ["Mcp-Param-Exact: True"]),
            ([:], ["Mcp-Param-Region: eu"]),
        ] as [(JSONObject, [String])]
    )
    func wrong(_ arguments: JSONObject, _ fields: [String]) async throws {
        let response = try await response(to: arguments, fields)
        #expect(response.status == 400, "\(response.text)")
        #expect(try response.code == -32020)
    }

    @Test("A tool without mirrored arguments needs no headers")
    func others() async throws {
        #expect(try await response(to: ["region": "eu"], [], tool: "other").status == 200)
    }
}
