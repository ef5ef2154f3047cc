import JSON
import JSONRPC
import MCP
import MCPTransport

/// A call before it is sent; each attempt has its own ID.
struct Call {
    var method: Method
    var params: RequestParams
    var limits: CallLimits
    var fields: [(name: String, value: String)] = []
    var force = false
    var onProgress: ClientLink.ProgressHandler?
    var onInputRequest: InputHandlers.Handler?
    /// Whether the request declares the tasks extension; stateless era only.
    var declaresTasks = false
    /// The ID to use in place of the next one.
    var id: RequestID?

    /// Whether it may be corrected and repeated.
    var maySendAgain: Bool {
        !force && !fields.contains { $0.name.lowercased().hasPrefix("mcp-") }
    }

    /// Whether it is answered at once, without progress or input requests.
    var isQuick: Bool { Self.quickMethods.contains(method) }

    private static let quickMethods: Set<Method> = [
        .initialize, .serverDiscover, .ping, .loggingSetLevel, .resourcesSubscribe, .resourcesUnsubscribe,
        .subscriptionsListen, .tasksGet, .tasksUpdate, .tasksCancel, .tasksList,
    ]
}

/// One round of a call, ready to be sent.
struct Sending {
    var bytes: [UInt8]
    var id: RequestID
    var head: FrameHead
    var limits: CallLimits
    var isCancellable = true
    var exchange = OpenExchange()
}
