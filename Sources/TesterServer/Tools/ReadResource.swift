import JSON
import Tester
import TextUtilities

extension TesterTool {
    static let readResource = TesterTool(
        "read_resource",
        title: "Read a resource",
        "Read a resource of the connected server. Text and Base64 are shown as received.",
        parameters: [
            "uri": parameter("string", "Resource URI, sent unchanged."),
            "connection_name": connectionName,
            "timeout": timeout,
            "headers": variables("As in call_tool."),
            "answers": answersAsInCallTool,
        ],
        required: ["uri"],
        effect: .readsServer,
        result: [.object("resource")]
    ) { (session, input, host) throws(Failure) in
        await session.readResource(
            input.string("uri") ?? "",
            with: try input.callOptions(host)
        )
    }
}
