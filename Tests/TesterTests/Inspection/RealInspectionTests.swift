import JSON
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport
import TestSupport
import Tester
import Testing

/// Looking closely at servers on real libraries.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct RealInspectionTests {
    private static let peers = [TestPeers.mcp2, .fastmcp4].filter(\.isAvailable)

    private func connect(_ peer: TestPeers, era: EraChoice = .auto, name: String = "default", to session: TesterSession)
        async throws
    {
        let script = TestPeers.script("servers/\(peer.rawValue)_server.py")
        let target = Target(command: peer.python, arguments: [script])
        let connected = await session.connect(.init(target: target, name: name, era: era))
        try #require(connected.failure == nil, "\(connected.verdict)")
    }

    @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers)
    func bothErasOfARealServerAreComparedAndDescribed(_ peer: TestPeers) async throws {
        let session = TesterSession.stdio()
        try await connect(peer, era: .legacy, name: "legacy", to: session)
        try await connect(peer, era: .modern, name: "modern", to: session)

        let modern = await session.capabilities().json
        #expect(modern["era"] == "stateless" && modern["eras"]?["stateless"]?["supported"] == true, "\(modern)")
        #expect(modern["server_info"]?["name"] == "peer" && modern["capabilities"]?["tools"] != nil, "\(modern)")
        #expect(modern["era_evidence"]?["handshake"]?.array?.isEmpty == false)
        let legacy = await session.capabilities(on: "legacy").json
        #expect(legacy["eras"]?["legacy"]?["supported"] == true && legacy["eras"]?["stateless"]?["supported"] == .null)

        let tool = await session.describeTool("add").json
        #expect(tool["signature"]?.string?.hasPrefix("add(a: integer, b: integer)") == true, "\(tool)")
        #expect(tool["example_arguments"]?["a"]?.int != nil, "\(tool)")
        let check = await session.validateArguments(JSONText(["a": "1", "b": 2]), of: "add").json
        #expect(check["corrected"] == ["a": 1, "b": 2], "\(check)")

        let templates = await session.listResourceTemplates().json
        #expect(templates["resource_templates"]?[0]?["uriTemplate"] == "memo://notes/{name}", "\(templates)")
        #expect(templates["metadata"]?["total_resource_templates"] == 1)
        let completion = await session.complete("name", of: .template("memo://notes/{name}"), value: "a").json
        #expect(completion["completion"]?["values"] == ["Ada", "Alan"], "\(completion)")
        #expect(completion["metadata"]?["request_time_ms"] != nil)

        let same = await session.compare(
            .tool("structured", arguments: nil),
            with: .connection("modern"),
            on: "legacy"
        ).json
        #expect(same["identical"] == true, "\(same)")
        await session.close()
    }

    @Test(.enabled(if: TestPeers.fastmcp4.isAvailable, "\(TestPeers.absence)"))
    func requestOverHTTPIsShownWithItsHeaders() async throws {
        let peer = try await HTTPPeer(.fastmcp4)
        let session = TesterSession.stdio(era: .modern)
        let target = try Target(.init(url: peer.url, headers: [.init("X-Api-Key", "very-secret-value")]))
        let connected = await session.connect(.init(target: target))
        try #require(connected.failure == nil, "\(connected.verdict)")
        let params: JSONObject = ["name": "echo", "arguments": ["message": "hi"]]
        let preview = await session.inspect(.request(.method("tools/call", params: params), isSent: false)).json
        let headers = try #require(preview["request"]?["headers"], "\(preview)")
        #expect(preview["request"]?["method"] == "POST" && preview["request"]?["url"]?.string == peer.url)
        #expect(headers["Mcp-Method"] == "tools/call" && headers["Mcp-Name"] == "echo", "\(headers)")
        #expect(!preview.description.contains("very-secret"))
        let sent = await session.inspect(.request(.method("tools/call", params: params), isSent: true)).json
        #expect(sent["result"]?["content"]?[0]?["text"] == "hi", "\(sent)")
        #expect(sent["response"]?["status"] == 200 && sent["response"]?["headers"] != nil, "\(sent)")
        #expect(sent["response"]?["timings_ms"] != nil && sent["response"]?["frames"]?.array?.count == 1)
        #expect(!sent.description.contains("very-secret"))
        await session.close()
        peer.stop()
    }

    @Test(.enabled(if: TestPeers.fastmcp4.isAvailable, "\(TestPeers.absence)"))
    func skillsOfARealServerKeepAllRules() async throws {
        let session = TesterSession.stdio(era: .modern)
        let script = TestPeers.script("servers/fastmcp4_skills.py")
        let target = Target(command: TestPeers.fastmcp4.python, arguments: [script])
        let connected = await session.connect(.init(target: target))
        try #require(connected.failure == nil, "\(connected.verdict)")
        let list = await session.listSkills().json
        #expect(list["metadata"]?["total_skills"] == 2, "\(list)")
        #expect(list["findings"] == nil, "\(list)")
        let uri = "skill://pdf-forms/SKILL.md"
        let skill = await session.getSkill(uri).json
        #expect(skill["success"] == true && skill["files"]?.array?.count == 3, "\(skill)")
        #expect(skill["files"]?.array?.allSatisfy { $0["verified"] == true } == true, "\(skill)")
        #expect(skill["findings"] == nil, "\(skill["findings"] ?? nil)")
        #expect(skill["content"]?.string?.contains("# PDF forms") == true)
        let directory = await session.readDirectory("skill://pdf-forms").json
        #expect(directory["error"]?["message"]?.string?.contains("directoryRead") == true, "\(directory)")
        let unknown = await session.getSkill("skill://nothing/SKILL.md").json
        #expect(unknown["error"]?["error_type"] == "resource_not_found", "\(unknown)")
        await session.close()
    }

    @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
    func serverWithoutSkillsIsSentNothing() async throws {
        let session = TesterSession.stdio(era: .modern)
        try await connect(.mcp2, era: .modern, to: session)
        let before = session.connections.first?.client.link.transcript.count
        let report = await session.listSkills().json
        #expect(report["error"]?["message"]?.string?.contains("does not declare the extension") == true, "\(report)")
        #expect(session.connections.first?.client.link.transcript.count == before)
        await session.close()
    }
}
