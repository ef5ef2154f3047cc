import JSON
import MCP
import MCPClient
import MCPTransport
import TestSupport
import Tester
import Testing

/// What real servers send stands in the answers as it stood in their frames.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct RealServerFidelityTests {
    private static let peers = [TestPeers.mcp2, .mcp1, .fastmcp4, .fastmcp3].filter(\.isAvailable)

    @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers)
    func everyToolsResultIsTheOneInItsFrame(_ peer: TestPeers) async throws {
        let session = TesterSession.stdio(era: .legacy)
        let script = TestPeers.script("servers/\(peer.rawValue)_server.py")
        let connected = await session.connect(.init(target: Target(command: peer.python, arguments: [script])))
        try #require(connected.failure == nil, "\(connected.verdict)")

        let image = await session.callTool("image").structured
        #expect(image["tool_call"]?["content"]?.description == (try member("content", of: session)))
        #expect(image["tool_call"]?["content"]?.elements?.map { $0["type"]?.string } == ["image", "text"])

        let structured = await session.callTool("structured").structured
        #expect(
            structured["tool_call"]?["structured_content"]?.description
                == (try member("structuredContent", of: session))
        )
        #expect(structured["tool_call"]?["structured_content"]?.value()["city"] == "Zürich")

        let bytes = await session.readResource("memo://bytes").structured
        #expect(bytes["resource"]?["encoding"]?.string == "base64")
        #expect(bytes["resource"]?["mimeType"]?.string == "application/octet-stream")
        #expect(try member("contents", of: session).contains(bytes["resource"]?["content"]?.description ?? "nothing"))

        let failed = await session.callTool("fail").json
        expectFailure(failed, "tool_error", "execution_error", says: "this tool always fails")

        let unknown = await session.callTool("ecko").json
        #expect(unknown["error"]?["error_type"] == "tool_not_found", "\(unknown)")
        #expect(unknown["error"]?["message"]?.string?.contains("Did you mean \"echo\"?") == true)

        let wrong = await session.callTool("add", arguments: JSONText(["a": "one"])).json
        #expect(wrong["error"]?["error_type"] == "invalid_arguments", "\(wrong)")

        let crashed = await session.callTool("crash").json
        expectFailure(crashed, "crashed", "transport_error", says: "exited with code 3")
        #expect(crashed.standardError.contains { $0.contains("peer: about to crash") })
        await session.close()
    }

    /// A member of the result in the frame that came last, to the byte.
    private func member(_ name: String, of session: TesterSession) throws -> String {
        let link = try #require(session.connections.first?.client.link)
        let frame = try #require(link.transcript.entries.last { $0.direction == .received })
        let members = try JSONText(frame.bytes)["result"]?.members ?? []
        return try #require(members.first { $0.key == name }).text.description
    }
}
