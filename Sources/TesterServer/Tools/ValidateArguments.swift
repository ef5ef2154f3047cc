import JSON
import Tester

extension TesterTool {
    static let validateArguments = TesterTool(
        "validate_arguments",
        title: "Validate arguments",
        "Check arguments against a tool's input schema without calling it. Returns each error with its place and a correction, and corrected arguments if nothing is in doubt.",
        parameters: [
            "name": required("string", "Tool name."),
            "arguments": optional("object", "Tool arguments (default: none)."),
            "connection_name": connectionName,
        ],
        required: ["name"],
        effect: .readsServer
    ) { (session, input, _) throws(Failure) in
        await session.validateArguments(
            input.text("arguments"),
            of: input.string("name") ?? "",
            on: input.string("connection_name")
        )
    }
}
