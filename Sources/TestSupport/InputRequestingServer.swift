import JSON
import JSONRPC
import MCPTransport
import Synchronization

/// A server in this process that requests input round after round, and then returns the responses.
///
/// It requests input during `tools/call`, `prompts/get` and `resources/read`: by its own requests in the legacy era, by
/// results in the stateless one. The text of the final result is the JSON of all responses.
public final class InputRequestingServer: Sendable {
    /// An input request.
    public struct Question: Sendable {
        /// The key that identifies it.
        public var key: String
        /// The method of the request.
        public var method: String
        /// The parameters, as JSON.
        public var params: String

        /// Creates an input request.
        public init(_ key: String, _ method: String, _ params: String) {
            self.key = key
            self.method = method
            self.params = params
        }

        /// Requests a form.
        public static func form(
            _ key: String,
            _ properties: String = #"{"name":{"type":"string"}}"#,
            required: String = #"["name"]"#,
            message: String = "Who are you?"
        ) -> Question {
            let schema = #"{"type":"object","properties":\#(properties),"required":\#(required)}"#
            return Question(key, "elicitation/create", #"{"message":"\#(message)","requestedSchema":\#(schema)}"#)
        }

        /// Sends the user to a page.
        public static func page(_ key: String) -> Question {
            let id = #""elicitationId":"e-\#(key)""#
            return Question(
                key,
                "elicitation/create",
                #"{"mode":"url","message":"Sign in","url":"https://example.com/x",\#(id)}"#
            )
        }

        /// Requests a message of a model.
        public static func sampling(_ key: String) -> Question {
            let message = #"{"role":"user","content":{"type":"text","text":"6 x 7?"}}"#
            return Question(key, "sampling/createMessage", #"{"messages":[\#(message)],"maxTokens":10}"#)
        }

        /// Requests the root directories.
        public static func roots(_ key: String) -> Question {
            Question(key, "roots/list", "{}")
        }
    }

    private struct State {
        var told: JSONObject = [:]
        var round = 0
        var missing: Set<String> = []
        var call: JSONValue?
        var conversation: HostLink?
    }

    /// The received messages.
    public let inbox = Mailbox()

    private let era: CannedServer.Era
    private let rounds: [[Question]]
    private let told: [String]
    private let state = Mutex(State())

    /// Creates a server.
    ///
    /// - Parameters:
    ///   - rounds: The input requests of each round. Without any it responds at once.
    ///   - telling: Notifications that it sends first in a call; `<token>` in them is replaced by the
    ///     progress token.
    public init(_ era: CannedServer.Era, rounds: [[Question]], telling: [String] = []) {
        self.era = era
        self.rounds = rounds
        told = telling
    }

    /// A transport to it.
    public func transport() -> InMemoryTransport {
        InMemoryTransport { [self] host in
            state.withLock { $0.conversation = host }
            return Conversation(self)
        }
    }

    /// The methods of the received requests and notifications.
    public func methods() throws -> [String] {
        try inbox.allJSON().compactMap { $0["method"]?.string }
    }

    /// Sends a frame.
    public func say(_ text: String) {
        state.withLock { $0.conversation }?.send(.notification(Array(text.utf8)))
    }

    // MARK: - The conversation

    private func take(_ message: JSONValue) {
        guard let method = message["method"]?.string else { return takeAnswer(message) }
        let about = #""capabilities":{"tools":{"listChanged":true},"resources":{},"prompts":{},"logging":{}}"#
        switch method {
        case "initialize":
            let server = #""serverInfo":{"name":"asking","version":"1"}"#
            answer(message, #"{"protocolVersion":"2025-11-25",\#(about),\#(server)}"#)
        case "server/discover":
            if era == .legacy { return refuse(message) }
            let versions = #""supportedVersions":["2026-07-28"]"#
            answer(message, #"{"resultType":"complete",\#(versions),\#(about),"ttlMs":0,"cacheScope":"private"}"#)
        case "tools/list": answer(message, #"{"tools":[{"name":"ask","inputSchema":{"type":"object"}}]}"#)
        case "tools/call", "prompts/get", "resources/read": begin(message)
        default: if message["id"] != nil { refuse(message) }
        }
    }

    private func begin(_ message: JSONValue) {
        if era == .modern, let answers = message["params"]?["inputResponses"]?.object {
            state.withLock { state in
                for member in answers.members { state.told[member.key] = member.value }
                state.round += 1
            }
        } else {
            let token = message["params"]?["_meta"]?["progressToken"] ?? 0
            for text in told {
                say(text.split(separator: "<token>", omittingEmptySubsequences: false).joined(separator: "\(token)"))
            }
            state.withLock { state in
                (state.told, state.round) = ([:], 0)
                state.call = message
            }
        }
        goOn(message)
    }

    private func goOn(_ message: JSONValue) {
        let round = state.withLock { $0.round }
        guard round < rounds.count else { return finish(message) }
        if era == .modern {
            let questions = rounds[round].map { #""\#($0.key)":{"method":"\#($0.method)","params":\#($0.params)}"# }
            let inputs = questions.joined(separator: ",")
            answer(
                message,
                #"{"resultType":"input_required","inputRequests":{\#(inputs)},"requestState":"round \#(round)"}"#
            )
        } else {
            state.withLock { $0.missing = Set(rounds[round].map(\.key)) }
            for question in rounds[round] {
                let head = #"{"jsonrpc":"2.0","id":"\#(question.key)","method":"\#(question.method)""#
                say(head + #","params":\#(question.params)}"#)
            }
        }
    }

    private func takeAnswer(_ message: JSONValue) {
        guard let key = message["id"]?.string else { return }
        let call = state.withLock { state -> JSONValue? in
            guard state.missing.remove(key) != nil else { return nil }
            state.told[key] = message["result"] ?? ["error": message["error"] ?? nil]
            guard state.missing.isEmpty else { return nil }
            state.round += 1
            return state.call
        }
        if let call { goOn(call) }
    }

    private func finish(_ message: JSONValue) {
        let text = JSONValue.string(JSONValue.object(state.withLock { $0.told }).description)
        let kind = era == .modern ? #""resultType":"complete","# : ""
        switch message["method"]?.string {
        case "prompts/get":
            answer(message, #"{\#(kind)"messages":[{"role":"user","content":{"type":"text","text":\#(text)}}]}"#)
        case "resources/read":
            let cache = era == .modern ? #""ttlMs":0,"cacheScope":"private","# : ""
            answer(message, #"{\#(kind)\#(cache)"contents":[{"uri":"x:y","text":\#(text)}]}"#)
        default: answer(message, #"{\#(kind)"content":[{"type":"text","text":\#(text)}]}"#)
        }
    }

    private func answer(_ message: JSONValue, _ result: String) {
        guard let id = message["id"] else { return }
        say(#"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#)
    }

    private func refuse(_ message: JSONValue) {
        guard let id = message["id"] else { return }
        say(#"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32601,"message":"no such method"}}"#)
    }

    private final class Conversation: ServerConversation {
        private let server: InputRequestingServer

        init(_ server: InputRequestingServer) {
            self.server = server
        }

        func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
            server.inbox.put(frame.bytes)
            do throws(JSONError) {
                server.take(try JSONValue(parsing: frame.bytes))
            } catch {
                server.say(#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}"#)
            }
        }

        func finish() async {}
        func cancel() async {}
    }
}
