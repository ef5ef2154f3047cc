import JSON
import JSONRPC
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

private let realLibraries: [TestPeers] = [.mcp2, .mcp1, .fastmcp4, .fastmcp3]

/// Real servers over HTTP are detected, used and, if they lose the session, initialized again.
///
/// Serialized, because they start slowly.
@Suite(
    .serialized,
    .enabled(if: realLibraries.allSatisfy(\.isAvailable), "\(TestPeers.absence)"),
    .timeLimit(.minutes(10))
)
struct RealPeerEraTests {
    private static let modern: [TestPeers] = [.mcp2, .fastmcp4]

    private func connect(
        to url: String,
        era: EraChoice = .auto,
        headers: [HTTPField] = []
    ) async throws(ConnectFailure) -> Client {
        let clock = FakeClock()
        let options = ClientOptions(era: era, info: Implementation(name: "era-tests", version: "1"))
        return try await Client.connect(options: options, scheduler: clock) {
            HTTPClientTransport.make(HTTPEndpoint(url: url, headers: headers), scheduler: clock)
        }
    }

    /// Lists tools, calls one and closes, so that more than the handshake is tested.
    private func use(_ client: Client, lookingFrom mark: Int = 0) async throws {
        let tools = await client.list(.tools)
        #expect(tools.shortfall == nil && !tools.items.isEmpty, "\(String(describing: tools.shortfall))")
        let result = try await client.callTool("echo", arguments: JSONText(["message": "grüezi 😀"]))
        #expect(result.result["content"]?.elements?.first?["text"]?.string == "grüezi 😀", "\(result.result)")
        let faults = client.link.observations.since(mark).filter(\.kind.isFault)
        #expect(faults.map(\.kind.description) == [])
        await client.close()
    }

    @Test(arguments: realLibraries, [HTTPPeer.Style.sessions, .json, .stateless])
    func serverWorksInTheDetectedEraAndInTheLegacyEra(
        _ library: TestPeers,
        _ style: HTTPPeer.Style
    ) async throws {
        let peer = try await HTTPPeer(library, style)
        defer { peer.stop() }
        let found = try await connect(to: peer.url)
        #expect(found.revision == (Self.modern.contains(library) ? .latest : .latestLegacy), "\(found.verdict)")
        #expect(found.verdict.steps.allSatisfy { $0.status != nil })
        try await use(found)
        let legacy = try await connect(to: peer.url, era: .legacy)
        #expect(legacy.revision == .latestLegacy)
        try await use(legacy)
    }

    @Test(arguments: realLibraries)
    func httpSSEServerIsDetected(_ library: TestPeers) async throws {
        let peer = try await HTTPPeer(library, .sse)
        defer { peer.stop() }
        let client = try await connect(to: peer.url)
        #expect(client.link.transport.kind == .sse)
        #expect(client.revision.era == .legacy)
        #expect(client.verdict.steps.prefix(2).map(\.status) == [405, 405], "\(client.verdict)")
        try await use(client)
    }

    @Test(arguments: realLibraries)
    func missingTokenIsReportedOnce(_ library: TestPeers) async throws {
        let peer = try await HTTPPeer(library, token: "open-sesame")
        defer { peer.stop() }
        let failure = try await #require(throws: ConnectFailure.self) { try await connect(to: peer.url) }
        guard case .transport(let refusal) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(refusal.kind == .unauthorized)
        #expect(failure.steps.map(\.status) == [401])
        try await use(try await connect(to: peer.url, headers: [HTTPField("Authorization", "Bearer open-sesame")]))
    }

    @Test func legacyServerRejectsTheStatelessProbe() async throws {
        let peer = try await HTTPPeer(.mcp1)
        defer { peer.stop() }
        let failure = try await #require(throws: ConnectFailure.self) { try await connect(to: peer.url, era: .modern) }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.code == -32600)
        #expect(failure.steps.map(\.status) == [400])
    }

    @Test func webPageAndClosedPortAreReported() async throws {
        let page = try await HTTPPeer.page()
        let paged = try await #require(throws: ConnectFailure.self) { try await connect(to: page.url) }
        guard case .transport(let failure) = paged.cause else { return #expect(Bool(false), "\(paged)") }
        #expect([.content, .status].contains(failure.kind))
        page.stop()
        let closed = try await #require(throws: ConnectFailure.self) { try await connect(to: page.url) }
        guard case .transport(let refusal) = closed.cause else { return #expect(Bool(false), "\(closed)") }
        #expect(refusal.kind == .refused)
        #expect(closed.steps.count == 1)
    }

    @Test(arguments: realLibraries)
    func restartedServerGetsANewSession(_ library: TestPeers) async throws {
        let before = try await HTTPPeer(library)
        let client = try await connect(to: before.url, era: .legacy)
        _ = try await client.ping()
        before.stop()
        let script = TestPeers.script("servers/\(library.rawValue)_server.py")
        let after = try await HTTPPeer([library.python, script, "--http", "\(before.port)"])
        defer { after.stop() }
        #expect(after.url == before.url)
        let mark = client.link.observations.count
        _ = try await client.callTool("echo", arguments: JSONText(["message": "again"]))
        let renewals = client.link.observations.since(mark).count { observation in
            if case .sessionRenewed = observation.kind { true } else { false }
        }
        #expect(renewals == 1)
        // The lost session counts as a fault of the server, once.
        try await use(client, lookingFrom: client.link.observations.count)
    }
}
