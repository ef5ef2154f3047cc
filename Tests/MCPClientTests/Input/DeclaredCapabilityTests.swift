import JSON
import MCP
import MCPClient
import TestSupport
import Testing

/// A capability is declared only if it is handled, in the form of each revision.
struct DeclaredCapabilityTests {
    @Test(arguments: [
        (Revision.v2024_11_05, #"{"roots":{"listChanged":true},"sampling":{}}"#),
        (.v2025_03_26, #"{"roots":{"listChanged":true},"sampling":{}}"#),
        (.v2025_06_18, #"{"roots":{"listChanged":true},"sampling":{},"elicitation":{}}"#),
        (
            .v2025_11_25,
            #"{"roots":{"listChanged":true},"sampling":{"tools":{}},"elicitation":{"form":{},"url":{}}}"#
        ),
        (.v2026_07_28, #"{"roots":{},"sampling":{"tools":{}},"elicitation":{"form":{},"url":{}}}"#),
    ])
    func handledCapabilitiesAreDeclaredInTheFormOfTheRevision(_ revision: Revision, _ declared: String) {
        #expect(JSONValue.object(InputHandlers.willing.capabilities(in: revision).json).description == declared)
    }

    @Test(arguments: Revision.allCases)
    func withoutHandlersNothingIsDeclared(_ revision: Revision) {
        #expect(InputHandlers().capabilities(in: revision).json.isEmpty)
    }

    @Test func unhandledPartsAreNotDeclared() {
        var handlers = InputHandlers.willing
        handlers.roots = nil
        handlers.samplingTools = false
        handlers.elicitationModes = [.form]
        let declared = handlers.capabilities(in: .latest)
        #expect(JSONValue.object(declared.json).description == #"{"sampling":{},"elicitation":{"form":{}}}"#)
    }

    @Test func capabilitiesAreSentInTheHandshakeAndInEachModernRequest() async throws {
        let legacy = TalkingServer(.v2025_11_25) { _, _ in }
        _ = try await legacy.connect { $0.input = .willing }
        let greeting = try #require(try legacy.requests("initialize").first)
        #expect(greeting["params"]?["capabilities"]?["elicitation"] == ["form": [:], "url": [:]])
        let modern = TalkingServer(.latest) { server, message in server.answer(message, #"{"content":[]}"#) }
        let client = try await modern.connect { $0.input = .willing }
        _ = try await client.callTool("t")
        for message in try modern.inbox.allJSON() {
            let meta = message["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"]
            #expect(meta?["sampling"] == ["tools": [:]], "\(message)")
        }
    }

    @Test func explicitCapabilitiesTakePrecedence() async throws {
        let server = TalkingServer(.latest) { _, _ in }
        _ = try await server.connect {
            $0.input = .willing
            $0.capabilities = ClientCapabilities(json: ["sampling": [:], "experimental": ["x": [:]]])
        }
        let meta = try #require(try server.requests("server/discover").first?["params"]?["_meta"])
        let declared = meta["io.modelcontextprotocol/clientCapabilities"]
        #expect(declared?["sampling"] == [:])
        #expect(declared?["experimental"] == ["x": [:]])
        #expect(declared?["roots"] == [:])
    }
}
