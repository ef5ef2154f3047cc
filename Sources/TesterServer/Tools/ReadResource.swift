import JSON
import Tester
import TextUtilities

extension TesterTool {
    static let readResource = TesterTool(
        "read_resource",
        title: "Read a resource",
        "Read a resource of the connected server. The URI is sent unchanged. Text and Base64 are returned as received.",
        parameters: [
            "uri": required("string", "Resource URI."),
            "connection_name": connectionName,
            "timeout": timeout,
            "headers": headers,
            "answers": preparedAnswers,
        ],
        required: ["uri"],
        effect: .readsServer
    ) { (session, input, host) throws(Failure) in
        await session.readResource(
            input.string("uri") ?? "",
            with: try input.callOptions(host)
        )
    }
}
