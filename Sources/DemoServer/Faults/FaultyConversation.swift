import JSONRPC
import MCPTransport

/// A conversation whose messages pass a faulty link.
final class FaultyConversation: ServerConversation {
    private let session: any ServerConversation
    private let link: FaultyLink
    private let host: HostLink

    init(_ session: any ServerConversation, _ link: FaultyLink, host: HostLink) {
        self.session = session
        self.link = link
        self.host = host
    }

    func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
        let send = reply ?? host.send
        guard let passed = link.receive(frame, with: send) else { return }
        session.received(passed) { [link] in link.send($0, with: send) }
    }

    func mirroredArguments(ofTool name: String) -> [MirroredArgument] {
        session.mirroredArguments(ofTool: name)
    }

    func abort(_ error: RPCError) {
        session.abort(error)
    }

    func finish() async {
        await session.finish()
    }

    func cancel() async {
        await session.cancel()
    }
}
