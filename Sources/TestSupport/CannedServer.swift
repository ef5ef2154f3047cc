public import JSON
import JSONRPC
import MCPTransport

/// A server in this process that answers each request with the text it is given, to the byte.
///
/// It knows the greetings of both eras; everything else is told by a closure.
public final class CannedServer: Sendable {
    /// What comes of a request.
    public enum Reply: Sendable {
        /// A result as this text.
        case result(String)
        /// An error as this text.
        case error(String)
        /// These frames as they are, in which `<id>` stands for the request's id.
        case frames([String])
        /// Nothing.
        case silence
    }

    /// The eras that it can speak.
    public enum Era: Sendable {
        /// The handshake.
        case legacy
        /// The stateless revisions.
        case modern
    }

    /// What it was sent, over all its connections.
    public let inbox = Mailbox()

    private let era: Era
    private let reply: @Sendable (_ method: String, _ message: JSONValue) -> Reply?

    /// Creates a server; a method for which the closure has nothing is answered as unknown.
    public init(_ era: Era = .legacy, reply: @escaping @Sendable (_ method: String, _ message: JSONValue) -> Reply?) {
        self.era = era
        self.reply = reply
    }

    /// A way to it.
    public func transport() -> InMemoryTransport {
        InMemoryTransport { [self] in Conversation(self, host: $0) }
    }

    /// The methods that it was sent, over all its connections.
    public func methods() throws -> [String] {
        try inbox.allJSON().map { $0["method"]?.string ?? "(none)" }
    }

    private func greeting(_ method: String) -> Reply? {
        let about = #""capabilities":{"tools":{},"resources":{},"prompts":{}}"#
        let name = #"{"name":"canned","version":"1.0"}"#
        switch (method, era) {
        case ("initialize", .legacy):
            return .result(#"{"protocolVersion":"2025-11-25",\#(about),"serverInfo":\#(name)}"#)
        case ("server/discover", .modern):
            let meta = #""_meta":{"io.modelcontextprotocol/serverInfo":\#(name)}"#
            let cache = #""ttlMs":0,"cacheScope":"private""#
            return .result(
                #"{"resultType":"complete","supportedVersions":["2026-07-28"],\#(about),\#(cache),\#(meta)}"#
            )
        default: return nil
        }
    }

    private func frames(for message: JSONValue) -> [String] {
        guard let method = message["method"]?.string, let id = message["id"]?.description else { return [] }
        switch reply(method, message) ?? greeting(method) {
        case .result(let text): return [#"{"jsonrpc":"2.0","id":\#(id),"result":\#(text)}"#]
        case .error(let text): return [#"{"jsonrpc":"2.0","id":\#(id),"error":\#(text)}"#]
        case .frames(let texts): return texts.map { Self.fill($0, id: id) }
        case .silence: return []
        case nil: return [#"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32601,"message":"no \#(method) here"}}"#]
        }
    }

    private static func fill(_ text: String, id: String) -> String {
        text.split(separator: "<id>", omittingEmptySubsequences: false).joined(separator: id)
    }

    private final class Conversation: ServerConversation {
        private let server: CannedServer
        private let host: HostLink

        init(_ server: CannedServer, host: HostLink) {
            self.server = server
            self.host = host
        }

        func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
            let way = reply ?? host.send
            server.inbox.put(frame.bytes)
            do throws(JSONError) {
                for frame in server.frames(for: try JSONValue(parsing: frame.bytes)) {
                    way(.answer(Array(frame.utf8)))
                }
            } catch {
                let error = #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}"#
                way(.answer(Array(error.utf8), code: -32700))
            }
        }

        func finish() async {}
        func cancel() async {}
    }
}
