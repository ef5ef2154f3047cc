import JSON
import Tester

extension TesterTool {
    static let listPrompts = TesterTool(
        "list_prompts",
        title: "List prompts",
        "List all prompts of the connected server; invalid ones have `problems`.",
        parameters: listParameters,
        effect: .readsServer,
        result: [.list("prompts")]
    ) { (session, input, _) throws(Failure) in
        await session.listPrompts(on: input.string("connection_name"), input.listOptions)
    }
}
