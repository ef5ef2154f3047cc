import JSON
import MCP
import MCPTransport

/// The first request of a conversation: `initialize` in the legacy era, `server/discover` in the modern one.
struct OpeningRequest {
    let revision: Revision
    let method: Method
    let params: JSONText?
    let head: FrameHead

    /// The greeting of a revision.
    init(at revision: Revision, options: ClientOptions) {
        self.revision = revision
        switch revision.era {
        case .legacy:
            method = .initialize
            let params = InitializeParams(
                revision: revision,
                capabilities: options.declaredCapabilities(in: revision),
                clientInfo: options.info
            )
            self.params = JSONText(.object(params.json))
            head = FrameHead(.initialize, RequestParams(), stamp: .legacy)
        case .modern:
            method = .serverDiscover
            let stamp = RequestStamp.modern(revision, options: options)
            params = stamp.stamp(RequestParams(), progressToken: nil)
            head = FrameHead(.serverDiscover, RequestParams(), stamp: stamp)
        }
    }
}
