import JSON
import Tester

extension TesterTool {
    static let listPrompts = TesterTool(
        "list_prompts",
        title: "List prompts",
        "List all prompts of the connected server with their arguments. Entries that violate the protocol have `problems`.",
        parameters: listParameters,
        effect: .readsServer
    ) { (session, input, _) throws(Failure) in
        await session.listPrompts(on: input.string("connection_name"), input.listOptions)
    }
}
