import ChildProcesses
import JSON
import MCP
import MCPClient
import MCPStdio
import MCPTransport
import TestSupport
import Testing

/// Third-party servers, and servers on third-party libraries.
///
/// They run one after the other, because they start slowly.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct RealServerTests {
    /// A server and what it speaks.
    struct Server: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let peer: TestPeers
        let arguments: [String]
        var program = "python"
        var isModern = false
        var isLegacy = true
        /// A tool with arguments that needs nothing else.
        var call: (tool: String, arguments: JSONValue) = ("echo", ["message": "grüezi 😀"])

        static func ours(_ peer: TestPeers, isModern: Bool) -> Server {
            let script = TestPeers.script("servers/\(peer.rawValue)_server.py")
            return Server(testDescription: peer.rawValue, peer: peer, arguments: [script], isModern: isModern)
        }

        static let all = [
            ours(.mcp2, isModern: true), ours(.mcp1, isModern: false),
            ours(.fastmcp4, isModern: true), ours(.fastmcp3, isModern: false),
            Server(
                testDescription: "mcp-server-time",
                peer: .others,
                arguments: ["--local-timezone", "UTC"],
                program: "mcp-server-time",
                isModern: true,
                call: ("get_current_time", ["timezone": "UTC"])
            ),
            biomcp,
        ].filter(\.peer.isAvailable)

        static let biomcp = Server(
            testDescription: "biomcp",
            peer: .others,
            arguments: ["serve"],
            program: "biomcp",
            isModern: true,
            call: ("biomcp", ["command": "version"])
        )

        func connect(era: EraChoice, limits: ConnectionLimits? = nil) async throws(ConnectFailure) -> Client {
            var limits = limits ?? ConnectionLimits()
            limits.connect = .seconds(200)
            return try await Client.connect(
                command: .init(executable: peer.program(program), arguments: arguments),
                options: ClientOptions(era: era, info: testerInfo, limits: limits)
            )
        }
    }

    @Test(.enabled(if: !Server.all.isEmpty, "\(TestPeers.absence)"), arguments: Server.all)
    func aServerIsUsableInTheDetectedEra(_ server: Server) async throws {
        let client = try await server.connect(era: .auto)
        #expect(client.revision == (server.isModern ? .latest : .latestLegacy), "\(client.verdict)")
        try await use(client, server)
    }

    @Test(.enabled(if: !Server.all.isEmpty, "\(TestPeers.absence)"), arguments: Server.all)
    func aServerIsUsableInTheLegacyEra(_ server: Server) async throws {
        let client = try await server.connect(era: .legacy)
        #expect(client.revision.era == .legacy)
        try await use(client, server)
    }

    @Test(.enabled(if: !Server.all.isEmpty, "\(TestPeers.absence)"), arguments: Server.all.filter(\.isModern))
    func aModernServerIsUsableInTheModernEra(_ server: Server) async throws {
        let client = try await server.connect(era: .modern)
        #expect(client.revision == .latest)
        try await use(client, server)
    }

    @Test(.enabled(if: !Server.all.isEmpty, "\(TestPeers.absence)"), arguments: Server.all.filter { !$0.isModern })
    func aLegacyServerRefusesTheModernEra(_ server: Server) async throws {
        _ = try await #require(throws: ConnectFailure.self) { try await server.connect(era: .modern) }
    }

    @Test(.enabled(if: !Server.all.isEmpty, "\(TestPeers.absence)"), arguments: Server.all)
    func aServerIsUsableInAPinnedRevision(_ server: Server) async throws {
        let client = try await server.connect(era: .pinned(.v2025_06_18))
        #expect(client.revision == .v2025_06_18)
        try await use(client, server)
    }

    /// Some servers speak the modern era until they get the handshake, and the legacy era from then on.
    @Test(.enabled(if: TestPeers.others.isAvailable, "\(TestPeers.absence)"))
    func aServerThatAnswersBothOpeningRequestsIsUsableInTheAgreedEra() async throws {
        for _ in 1...3 {
            let client = try await Server.biomcp.connect(era: .auto, limits: .pipelined)
            try await use(client, .biomcp)
        }
    }

    private func use(_ client: Client, _ server: Server) async throws {
        #expect(client.serverInfo?.name != nil)
        let listing = await client.list(.tools)
        #expect(listing.shortfall == nil)
        #expect(listing.items.contains { $0["name"]?.string == server.call.tool })
        let result = try await client.callTool(server.call.tool, arguments: JSONText(server.call.arguments))
        #expect(result.result["isError"]?.bool != true, "\(result.result)")
        let text = result.result["content"]?.elements?.first?["text"]?.string ?? ""
        #expect(!text.isEmpty)
        if server.call.tool == "echo" { #expect(text == "grüezi 😀") }
        #expect(client.link.transcript.noise.count == 0)
        await client.close()
    }
}
