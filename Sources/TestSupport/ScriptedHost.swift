public import JSON
public import JSONRPC
public import MCPTransport
import Synchronization

/// A scripted host: sends messages to a conversation and records the responses.
public final class ScriptedHost: Sendable {
    /// The frames from the server, in order.
    public let inbox: Mailbox
    /// The conversation, to end it.
    public let conversation: any ServerConversation

    private let lastID = Atomic<Int64>(0)

    /// Opens a conversation.
    public init(_ makeConversation: MakeConversation, principal: Principal = .local) {
        let inbox = Mailbox()
        self.inbox = inbox
        var link = HostLink.frames { inbox.put($0) }
        link.principal = principal
        conversation = makeConversation(link)
    }

    /// Sends bytes as they are.
    public func send(text: String) {
        conversation.received(Array(text.utf8))
    }

    /// Sends a request and returns its id.
    @discardableResult
    public func request(_ method: String, _ params: JSONObject? = nil, id: RequestID? = nil) -> RequestID {
        let id = id ?? .integer(lastID.add(1, ordering: .relaxed).newValue)
        let params = params.map { JSONText(.object($0)) }
        conversation.received(Message.encode(id: id, method: method, params: params))
        return id
    }

    /// Sends a notification.
    public func notify(_ method: String, _ params: JSONObject? = nil) {
        conversation.received(Message.encode(method: method, params: params.map { JSONText(.object($0)) }))
    }

    /// Sends a request and waits for its response; other frames stay in the inbox.
    public func ask(_ method: String, _ params: JSONObject? = nil, id: RequestID? = nil) async throws -> JSONValue {
        try await answer(to: request(method, params, id: id))
    }

    /// Waits for the response to a request.
    public func answer(to id: RequestID) async throws -> JSONValue {
        while true {
            let message = try await inbox.nextJSON()
            if message["method"] == nil, message["id"].flatMap({ RequestID($0) }) == id { return message }
        }
    }
}
