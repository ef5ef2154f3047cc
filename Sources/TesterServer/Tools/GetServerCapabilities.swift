import JSON
import Tester

extension TesterTool {
    static let getServerCapabilities = TesterTool(
        "get_server_capabilities",
        title: "Server capabilities",
        """
        Show the server's protocol eras, versions, name, instructions, capabilities and extensions. Sends nothing.
        """,
        parameters: ["connection_name": connectionName],
        effect: .readsTester,
        result: [.object("capabilities")]
    ) { (session, input, _) throws(Failure) in
        await session.capabilities(on: input.string("connection_name"))
    }
}
