import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import Synchronization
import TestSupport

/// A server in memory that greets in one revision and otherwise does what the test says; `say` lets it speak unasked.
final class TalkingServer: Sendable {
    /// Takes a message of the client that is no greeting.
    typealias Script = @Sendable (TalkingServer, JSONValue) -> Void

    let clock: FakeClock
    let inbox = Mailbox()
    private let revision: Revision
    private let capabilities: String
    private let script: Script
    private let link = Mutex<HostLink?>(nil)

    init(
        _ revision: Revision,
        clock: FakeClock = FakeClock(),
        capabilities: String = #"{"tools":{}}"#,
        _ script: @escaping Script
    ) {
        self.revision = revision
        self.clock = clock
        self.capabilities = capabilities
        self.script = script
    }

    /// Connects a client to it.
    func connect(_ change: (inout ClientOptions) -> Void = { _ in }) async throws(ConnectFailure) -> Client {
        var options = ClientOptions(era: .pinned(revision), info: testerInfo)
        change(&options)
        return try await Client.connect(options: options, scheduler: clock) { [self] in
            InMemoryTransport { host in
                self.link.withLock { $0 = host }
                return Conversation(self)
            }
        }
    }

    /// Sends a frame.
    func say(_ text: String) {
        link.withLock { $0 }?.send(.notification(Array(text.utf8)))
    }

    /// Asks the client something.
    func ask(_ method: String, _ params: String = "{}", id: String = "\"s1\"") {
        say(#"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#)
    }

    /// Tells the client something.
    func notify(_ method: String, _ params: String = "{}") {
        say(#"{"jsonrpc":"2.0","method":"\#(method)","params":\#(params)}"#)
    }

    /// Answers a message with a result.
    func answer(_ message: JSONValue, _ result: String) {
        guard let id = message["id"] else { return }
        say(#"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#)
    }

    /// Answers a message with an error.
    func refuse(_ message: JSONValue, _ error: String) {
        guard let id = message["id"] else { return }
        say(#"{"jsonrpc":"2.0","id":\#(id),"error":\#(error)}"#)
    }

    /// The requests of that method so far.
    func requests(_ method: String) throws -> [JSONValue] {
        try inbox.allJSON().filter { $0["method"]?.string == method }
    }

    /// What the client answered so far.
    func answers() throws -> [JSONValue] {
        try inbox.allJSON().filter { $0["method"] == nil }
    }

    private func take(_ message: JSONValue) {
        switch message["method"]?.string {
        case "initialize":
            let version = #""protocolVersion":"\#(revision)""#
            answer(message, #"{\#(version),"capabilities":\#(capabilities),"serverInfo":{"name":"t","version":"1"}}"#)
        case "server/discover":
            let about = #""supportedVersions":["\#(revision)"],"capabilities":\#(capabilities)"#
            answer(message, #"{"resultType":"complete",\#(about),"ttlMs":0,"cacheScope":"private"}"#)
        default: script(self, message)
        }
    }

    private final class Conversation: ServerConversation {
        private let server: TalkingServer

        init(_ server: TalkingServer) {
            self.server = server
        }

        func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
            server.inbox.put(frame.bytes)
            do {
                server.take(try JSONValue(parsing: frame.bytes))
            } catch {
                server.say(#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}"#)
            }
        }

        func finish() async {}
        func cancel() async {}
    }
}

extension Client {
    /// The faults that were noticed so far, as sentences.
    var faults: [String] {
        link.observations.since(0).filter(\.kind.isFault).map(\.kind.description)
    }
}

extension InputHandlers {
    /// Handlers of all kinds that answer with a closure.
    static func all(_ handler: @escaping Handler) -> InputHandlers {
        InputHandlers(elicitation: handler, sampling: handler, roots: handler)
    }

    /// Handlers that answer everything, each in the shape of its kind.
    static let willing = all { question in
        switch question.kind {
        case .elicitation: ["action": "accept", "content": ["name": "Ada"]]
        case .sampling: ["role": "assistant", "content": ["type": "text", "text": "42"], "model": "m"]
        case .roots: ["roots": [["uri": "file:///a"]]]
        }
    }
}
