import MCP
import MCPServer

extension DemoServer {
    /// Fixtures that make something change, for those who listen; nothing really does.
    func addTriggers(to server: inout Server, _ changes: ChangeBus) throws {
        let triggers: [(name: String, what: String, told: [Change])] = [
            ("test_trigger_tool_change", "the list of tools", [.tools]),
            ("test_trigger_prompt_change", "the list of prompts", [.prompts]),
            (
                "test_trigger_resource_change", "the list of resources and the watched one",
                [.resources, .content(uri: "test://watched-resource")]
            ),
        ]
        for trigger in triggers {
            let tool = Self.fixture(trigger.name, "Tells those who listen that \(trigger.what) changed.")
            try server.add(tool) { _, _ in
                for change in trigger.told { changes.announce(change) }
                return .complete(.text("Those who listen were told that \(trigger.what) changed."))
            }
        }
    }
}
