import MCP
import MCPServer

extension DemoServer {
    /// Adds the fixtures that announce changes.
    ///
    /// Nothing really changes.
    func addTriggers(to server: inout Server, _ changes: ChangeBus) throws {
        let triggers: [(name: String, object: String, changes: [Change])] = [
            ("test_trigger_tool_change", "the list of tools", [.tools]),
            ("test_trigger_prompt_change", "the list of prompts", [.prompts]),
            (
                "test_trigger_resource_change", "the list of resources and test://watched-resource",
                [.resources, .content(uri: "test://watched-resource")]
            ),
        ]
        for trigger in triggers {
            let tool = Self.fixture(trigger.name, "Announce a change of \(trigger.object) to subscribers.")
            try server.add(tool) { _, _ in
                for change in trigger.changes { changes.announce(change) }
                return .complete(.text("A change of \(trigger.object) was announced."))
            }
        }
    }
}
