public import JSON
public import JSONRPC
public import MCPTransport

/// A scripted server for clients that are connected in memory.
public final class ScriptedConversation: ServerConversation {
    /// Sends one frame to the client.
    public typealias Send = @Sendable (_ bytes: [UInt8]) -> Void

    /// The frames from the client, in order.
    public let inbox = Mailbox()

    private let send: Send
    private let script: @Sendable (_ message: JSONValue, _ send: Send) -> Void

    /// Creates a server that runs the script for each message, with `null` for what is not JSON.
    public init(
        send: @escaping Send,
        script: @escaping @Sendable (_ message: JSONValue, _ send: Send) -> Void
    ) {
        self.send = send
        self.script = script
    }

    /// Records the frame and runs the script.
    public func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
        inbox.put(frame.bytes)
        do throws(JSONError) {
            script(try JSONValue(parsing: frame.bytes), send)
        } catch {
            script(.null, send)
        }
    }

    /// Returns at once: there is nothing to wait for.
    public func finish() async {}

    /// Does nothing: there is nothing to cancel.
    public func cancel() async {}
}
