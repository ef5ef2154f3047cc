import JSON
import Tester

extension TesterTool {
    static let validateArguments = TesterTool(
        "validate_arguments",
        title: "Validate arguments",
        """
        Check arguments against a tool's input schema without calling it. Shows each error, and corrected arguments if \
        nothing is in doubt.
        """,
        parameters: [
            "name": parameter("string", "Tool name."),
            "arguments": parameter("object", "Tool arguments."),
            "connection_name": connectionName,
        ],
        required: ["name"],
        effect: .readsServer,
        result: [.value("valid", "boolean"), .optional("errors", "array")]
    ) { (session, input, _) throws(Failure) in
        await session.validateArguments(
            input.text("arguments"),
            of: input.string("name") ?? "",
            on: input.string("connection_name")
        )
    }
}
