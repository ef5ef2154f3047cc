import JSON
import Tester
import TextUtilities

extension TesterTool {
    static let readResource = TesterTool(
        "read_resource",
        title: "Read a resource",
        "Read a resource of the connected server; the URI is sent as given, text and Base64 come back as sent.",
        parameters: [
            "uri": required("string", "The resource's URI."),
            "connection_name": connectionName,
            "timeout": timeout,
            "headers": headers,
            "answers": preparedAnswers,
        ],
        required: ["uri"],
        reads: true
    ) { (session, input, host) throws(Failure) in
        await session.readResource(
            input.string("uri") ?? "",
            with: try input.callOptions(host)
        )
    }
}
