import JSON
import MCP
import Testing

@Suite struct CapabilitiesTests {
    @Test func anObjectOrATrueFlagDeclares() {
        let capabilities = ServerCapabilities(json: [
            "tools": ["listChanged": false], "resources": ["subscribe": true], "logging": [:], "prompts": true,
            "completions": nil,
        ])
        #expect(capabilities.has(.tools))
        #expect(!capabilities.has(.toolsListChanged))
        #expect(capabilities.has(.resourcesSubscribe))
        #expect(capabilities.has(.logging))
        #expect(!capabilities.has(.completions))
        #expect(!capabilities.has(.tasksToolsCall))
    }

    @Test func declaringWritesTheWayToTheCapability() {
        var capabilities = ServerCapabilities()
        capabilities.declare(.toolsListChanged)
        capabilities.declare(.tools)
        capabilities.declare(.tasksToolsCall)
        capabilities.declare(.logging)
        #expect(
            capabilities.jsonValue.description
                == #"{"tools":{"listChanged":true},"tasks":{"requests":{"tools":{"call":{}}}},"logging":{}}"#
        )
        #expect(capabilities.problems(in: .v2025_11_25) == [])
    }

    @Test func elicitationWithoutModesMeansForms() {
        #expect(ClientCapabilities(json: ["elicitation": [:]]).supportsFormElicitation)
        #expect(ClientCapabilities(json: ["elicitation": ["form": [:]]]).supportsFormElicitation)
        #expect(ClientCapabilities(json: ["elicitation": ["form": [:], "url": [:]]]).supportsFormElicitation)
        #expect(!ClientCapabilities(json: ["elicitation": ["url": [:]]]).supportsFormElicitation)
        #expect(!ClientCapabilities().supportsFormElicitation)
    }

    @Test func anExtensionIsDeclaredByItsSettings() {
        var capabilities = ClientCapabilities()
        capabilities.declareExtension(.tasks)
        #expect(capabilities.json == ["extensions": ["io.modelcontextprotocol/tasks": [:]]])
        #expect(capabilities.hasExtension(.tasks))
        #expect(!capabilities.hasExtension(.ui))
    }
}
