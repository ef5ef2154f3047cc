import ChildProcesses
import JSON
import MCP
import MCPClient
import TestSupport
import Testing

/// Input requests of servers on third-party libraries, in both eras, with the same handlers.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct RealInputTests {
    /// A server and the era to speak with it.
    struct Case: Sendable, CustomTestStringConvertible {
        let peer: TestPeers
        let era: EraChoice

        var testDescription: String { "\(peer.rawValue), \(era)" }

        static let all = [TestPeers.mcp2, .fastmcp4].filter(\.isAvailable).flatMap { peer in
            [EraChoice.legacy, .modern].map { Case(peer: peer, era: $0) }
        }

        func connect(_ input: InputHandlers) async throws(ConnectFailure) -> Client {
            let limits = ConnectionLimits(connect: .seconds(200))
            return try await Client.connect(
                command: .init(
                    executable: peer.python,
                    arguments: [TestPeers.script("servers/\(peer.rawValue)_asking.py")]
                ),
                options: ClientOptions(era: era, info: testerInfo, input: input, limits: limits)
            )
        }
    }

    @Test(.enabled(if: !Case.all.isEmpty, "\(TestPeers.absence)"), arguments: Case.all)
    func everyKindOfInputRequestIsAnswered(_ server: Case) async throws {
        let client = try await server.connect(.willing)
        for (tool, said) in [("who", "accept Ada"), ("draft", "42"), ("where", "file:///a")] {
            let result = try await client.callTool(tool, arguments: JSONText([:]))
            #expect(result.result["content"]?.elements?.first?["text"]?.string == said, "\(tool): \(result.result)")
            #expect(result.requests.count == (server.era == .modern ? 2 : 1), "\(tool)")
        }
        #expect(client.faults.isEmpty, "\(client.faults)")
        await client.close()
    }

    @Test(.enabled(if: !Case.all.isEmpty, "\(TestPeers.absence)"), arguments: Case.all)
    func aUserCanDecline(_ server: Case) async throws {
        for action in ["decline", "cancel"] {
            let client = try await server.connect(.all { _ in ["action": .string(action)] })
            let result = try await client.callTool("who", arguments: JSONText([:]))
            #expect(result.result["content"]?.elements?.first?["text"]?.string == action, "\(result.result)")
            await client.close()
        }
    }

    @Test(.enabled(if: !Case.all.isEmpty, "\(TestPeers.absence)"), arguments: Case.all)
    func aServerGetsNoInputThatWasNotDeclared(_ server: Case) async throws {
        let client = try await server.connect(InputHandlers())
        do throws(CallError) {
            let result = try await client.callTool("who", arguments: JSONText([:]))
            #expect(result.result["isError"]?.bool == true, "\(result.result)")
        } catch {
            // Some refuse with an error, others ask all the same.
            switch error.cause {
            case .rejected, .input(.objection, _): break
            default: throw error
            }
        }
        await client.close()
    }

    @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
    func changesAreReportedToASubscription() async throws {
        let client = try await Case(peer: .mcp2, era: .modern).connect(InputHandlers())
        var filter = SubscriptionFilter()
        filter.toolsListChanged = true
        filter.resourceSubscriptions = ["memo://x"]
        let subscription = try await client.subscribe(filter)
        #expect(subscription.accepted?.toolsListChanged == true)
        _ = try await client.callTool("touch", arguments: JSONText([:]))
        while client.link.events.since(0, kinds: [.change]).entries.count < 2 { await Task.yield() }
        let ids = Set([subscription.id].compactMap(\.self))
        #expect(client.link.events.since(0, kinds: [.change], exchanges: ids).entries.count == 2)
        try await client.unsubscribe(subscription)
        #expect(client.faults.isEmpty, "\(client.faults)")
        await client.close()
    }

    @Test(.enabled(if: !Case.all.isEmpty, "\(TestPeers.absence)"), arguments: Case.all)
    func aServerLogsFromTheRequestedLevel(_ server: Case) async throws {
        let client = try await server.connect(InputHandlers())
        if client.revision.era == .modern || client.capabilities.has(.logging) {
            try await client.setLogLevel(.info)
        }
        let result = try await client.callTool("log", arguments: JSONText([:]))
        let logs = client.link.events.since(0, kinds: [.log], exchanges: Set(result.requests)).entries
        #expect(logs.count == 1, "\(logs)")
        #expect(client.faults.isEmpty, "\(client.faults)")
        await client.close()
    }
}
