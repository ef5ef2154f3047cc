public import JSON
public import JSONRPC
public import MCPTransport

/// A server that does exactly what a test tells it, for clients that are connected in memory.
public final class ScriptedConversation: ServerConversation {
    /// Sends one frame to the client.
    public typealias Send = @Sendable (_ bytes: [UInt8]) -> Void

    /// What the client sent, in order.
    public let inbox = Mailbox()

    private let send: Send
    private let script: @Sendable (_ message: JSONValue, _ send: Send) -> Void

    /// Creates a server that runs the script for each message; what is no JSON comes to the script as `null`.
    public init(
        send: @escaping Send,
        script: @escaping @Sendable (_ message: JSONValue, _ send: Send) -> Void
    ) {
        self.send = send
        self.script = script
    }

    /// Keeps the frame and runs the script.
    public func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
        inbox.put(frame.bytes)
        do throws(JSONError) {
            script(try JSONValue(parsing: frame.bytes), send)
        } catch {
            script(.null, send)
        }
    }

    /// Has nothing to wait for.
    public func finish() async {}

    /// Has nothing to cancel.
    public func cancel() async {}
}
