import JSON
import JSONRPC
import MCP
import MCPTransport

extension FrameHead {
    /// Creates the head of a request from its parts, so that its bytes do not have to be parsed.
    init(_ method: Method, _ params: RequestParams, stamp: RequestStamp) {
        self.init()
        self.method = method
        name = params.name
        if name == nil, let member = method.namingMember { name = params[member.description]?.string }
        // A value of the user replaces that of the envelope.
        revision = params.meta?[MetaKey.protocolVersion.rawValue].map { $0.string } ?? stamp.revision
    }

    /// Creates the head of bytes that were written by hand, as far as they can be parsed.
    init(reading frame: Frame) {
        self.init()
        guard case .message(let message) = frame.content else { return }
        switch message {
        case .request(let request): read(request.method, request.params)
        case .notification(let notification): read(notification.method, notification.params)
        default: break
        }
    }

    private mutating func read(_ name: String, _ params: JSONText?) {
        let method = Method(rawValue: name)
        self.method = method
        if let member = method.namingMember { self.name = params?[member]?.string }
        revision = params?["_meta"]?.value()[MetaKey.protocolVersion.rawValue]?.string
    }
}

extension Method {
    /// The member of the parameters that names the tool, prompt, resource or task.
    ///
    /// Source: 2026-07-28, "Streamable HTTP", `Mcp-Name`; for tasks its extension.
    fileprivate var namingMember: StaticString? {
        switch self {
        case .toolsCall, .promptsGet: "name"
        case .resourcesRead: "uri"
        case .tasksGet, .tasksUpdate, .tasksCancel: "taskId"
        default: nil
        }
    }
}
