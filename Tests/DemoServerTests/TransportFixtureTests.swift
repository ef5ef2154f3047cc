import DemoServer
import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization
import TestSupport
import Testing

/// The fixtures that concern the transport.
@Suite(.timeLimit(.minutes(5)))
struct TransportFixtureTests {
    @Test func theRegionIsRepeatedInAHeader() async throws {
        let demo = try DemoHost()
        let arguments = demo.host.conversation.mirroredArguments(ofTool: "test_x_mcp_header")
        #expect(arguments == [MirroredArgument(field: "Region", path: ["region"])])
        #expect(demo.host.conversation.mirroredArguments(ofTool: "echo").isEmpty)
        #expect(demo.host.conversation.mirroredArguments(ofTool: "no_such_tool").isEmpty)
        let tools = try await demo.ask("tools/list")["result"]?["tools"]?.array
        let tool = tools?.first { $0["name"] == "test_x_mcp_header" }
        #expect(tool?["inputSchema"]?["properties"]?["region"]?["x-mcp-header"] == "Region")
        let result = try await demo.call("test_x_mcp_header", ["region": "eu-west"])
        #expect(result["content"]?[0]?["text"] == "The region is eu-west.")
    }

    @Test func reconnectionClosesTheConnectionBeforeItsResponse() async throws {
        let sent = Mutex<[ServerSending]>([])
        let clock = FakeClock()
        let conversation = try DemoServer(includesFixtures: true, scheduler: clock).conversations()(HostLink { _ in })
        func receive(_ text: String) {
            conversation.received(Frame(received: Array(text.utf8))) { sending in sent.withLock { $0.append(sending) } }
        }
        receive(#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#)
        receive(#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"test_reconnection"}}"#)
        #expect(sent.withLock { $0.count } == 2)
        guard case .pause(retry: 500)? = sent.withLock({ $0.last }) else {
            Issue.record("the connection was not let go of")
            return
        }
        clock.advance(by: .milliseconds(50))
        await conversation.finish()
        guard case .answer(let bytes, code: nil)? = sent.withLock({ $0.last }) else {
            Issue.record("the call was not answered")
            return
        }
        #expect(try JSONValue(parsing: bytes)["result"]?["isError"] == false)
    }

    @Test(arguments: Fault.allCases.filter(\.isHTTPFault))
    func theFaultsOfHTTPAreLeftToTheTransport(fault: Fault) async throws {
        let demo = try DemoHost([fault])
        #expect(try await demo.call("echo", ["message": "hi"])["content"]?[0]?["text"] == "hi")
    }

    @Test func aMissingResourceIsNamedInTheError() async throws {
        let modern = try await DemoHost().ask("resources/read", ["uri": "test://none"])["error"]
        #expect(modern?["code"] == -32602)
        #expect(modern?["data"]?["uri"] == "test://none")
        let legacy = try DemoHost(revision: .latestLegacy)
        try await legacy.open()
        let error = try await legacy.ask("resources/read", ["uri": "test://none"])["error"]
        #expect(error?["code"] == -32002)
        #expect(error?["data"]?["uri"] == "test://none")
    }

    @Test func anUnknownToolIsAProtocolErrorThatSuggestsTheNearestName() async throws {
        let error = try await DemoHost().ask("tools/call", ["name": "test_simple_txt"])["error"]
        #expect(error?["code"] == -32602)
        #expect(error?["message"]?.string?.contains("test_simple_text") == true)
    }
}
