import JSON
import MCP
import MCPServer
import Tester

extension TesterServer {
    /// Adds the results that were too long to be shown whole as resources: `result://3` for the handle `@3`.
    ///
    /// - Throws: an error if the template is invalid, which tests rule out.
    static func addResults(to server: inout Server, _ sessions: TesterSessions) throws {
        let template = ResourceTemplate(
            uriTemplate: "result://{handle}",
            name: "result",
            description: "The whole result of an earlier call, by the number of its handle.",
            mimeType: "application/json"
        )
        try server.add(template) { context, request in
            let session = sessions.session(of: context.owner, for: context.principal)
            let handle = request["handle"] ?? ""
            guard let whole = session.wholeResult(handle.hasPrefix("@") ? handle : "@\(handle)") else {
                throw ResourceNotFound(uri: request.uri)
            }
            return .complete([
                ResourceContents(uri: request.uri, mimeType: "application/json", text: whole.description)
            ])
        }
    }
}
