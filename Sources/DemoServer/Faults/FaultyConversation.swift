import MCPTransport

/// A conversation whose link misbehaves.
final class FaultyConversation: ServerConversation {
    private let session: any ServerConversation
    private let link: FaultyLink

    init(_ session: any ServerConversation, _ link: FaultyLink) {
        self.session = session
        self.link = link
    }

    func received(_ bytes: [UInt8]) {
        guard let passed = link.request(bytes) else { return }
        session.received(passed)
    }

    func finish() async {
        await session.finish()
    }

    func cancel() async {
        await session.cancel()
    }
}
