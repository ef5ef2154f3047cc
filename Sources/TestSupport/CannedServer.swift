public import JSON
import JSONRPC
import MCPTransport

/// A server in this process that responds with exactly the given text.
///
/// It handles the handshakes of both eras; a closure responds to everything else.
public final class CannedServer: Sendable {
    /// The response to a request.
    public enum Reply: Sendable {
        /// A result with this text.
        case result(String)
        /// An error with this text.
        case error(String)
        /// These exact frames, in which `<id>` is replaced by the request's id.
        case frames([String])
        /// No response.
        case silence
    }

    /// The eras that it supports.
    public enum Era: Sendable {
        /// The handshake.
        case legacy
        /// The stateless revisions.
        case modern
    }

    /// The received messages of all connections.
    public let inbox = Mailbox()

    private let era: Era
    private let reply: @Sendable (_ method: String, _ message: JSONValue) -> Reply?

    /// Creates a server; if the closure returns nil, the method is unknown.
    public init(_ era: Era = .legacy, reply: @escaping @Sendable (_ method: String, _ message: JSONValue) -> Reply?) {
        self.era = era
        self.reply = reply
    }

    /// A transport to it.
    public func transport() -> InMemoryTransport {
        InMemoryTransport { [self] in Conversation(self, host: $0) }
    }

    /// The received methods of all connections.
    public func methods() throws -> [String] {
        try inbox.allJSON().map { $0["method"]?.string ?? "(none)" }
    }

    private func greeting(_ method: String) -> Reply? {
        let resources = #"{"subscribe":true,"listChanged":true}"#
        let about =
            #""capabilities":{"tools":{"listChanged":true},"resources":\#(resources),"prompts":{"listChanged":true}}"#
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
