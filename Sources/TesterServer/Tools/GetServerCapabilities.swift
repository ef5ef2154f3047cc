import JSON
import Tester

extension TesterTool {
    static let getServerCapabilities = TesterTool(
        "get_server_capabilities",
        title: "Server capabilities",
        "Show the connected server's protocol eras and versions, name, instructions, capabilities and extensions, and what the era was chosen by. Sends nothing to the server.",
        parameters: ["connection_name": connectionName],
        effect: .readsTester
    ) { (session, input, _) throws(Failure) in
        await session.capabilities(on: input.string("connection_name"))
    }
}
