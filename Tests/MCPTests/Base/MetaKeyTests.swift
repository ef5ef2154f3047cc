import MCP
import Testing

@Suite struct MetaKeyTests {
    @Test(
        arguments: [
            "progressToken", "a", "x.y_z-1", "com.example/key", "com.example.sub-part/key.part", "a1/b",
            "com.example/", "io.modelcontextprotocol/protocolVersion",
        ]
    )
    func aWellFormedKeyIsAccepted(key: String) {
        #expect(MetaKey(rawValue: key).isWellFormed)
    }

    @Test(
        arguments: [
            "-a", "a-", "a b", "é", "/a", "1com/a", "com-/a", "com..example/a", ".com/a", "com./a", "com.example/a/b",
            "com_x/a", "com.example/_a",
        ]
    )
    func aMalformedKeyIsRefused(key: String) {
        #expect(!MetaKey(rawValue: key).isWellFormed)
    }

    @Test func theSecondLabelReservesAPrefix() {
        for key in ["io.modelcontextprotocol/x", "dev.mcp/x", "org.modelcontextprotocol.api/x", "com.mcp.tools/x"] {
            #expect(MetaKey(rawValue: key).isReserved(in: .v2026_07_28))
        }
        for key in ["com.example.mcp/x", "mcp/x", "modelcontextprotocol.io/x", "progressToken", "com.mcpx/x"] {
            #expect(!MetaKey(rawValue: key).isReserved(in: .v2026_07_28))
        }
    }

    @Test func onceAnyLabelButTheLastReservedAPrefix() {
        #expect(MetaKey("mcp.dev/x").isReserved(in: .v2025_06_18))
        #expect(MetaKey("api.modelcontextprotocol.org/x").isReserved(in: .v2025_06_18))
        #expect(!MetaKey("dev.mcp/x").isReserved(in: .v2025_06_18))
        #expect(!MetaKey("mcp.dev/x").isReserved(in: .v2025_03_26))
    }

    @Test func allKeysOfTheSpecificationAreWellFormed() {
        let keys: [MetaKey] = [
            .protocolVersion, .clientCapabilities, .clientInfo, .logLevel, .serverInfo, .subscriptionID, .relatedTask,
            .modelImmediateResponse, .progressToken, .traceParent, .traceState, .baggage,
        ]
        for key in keys {
            #expect(key.isWellFormed)
            #expect(key.isReserved(in: .latest) == !key.labels.isEmpty)
        }
    }
}
