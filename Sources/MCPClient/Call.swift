import JSON
import JSONRPC
import MCP
import MCPTransport

/// A call of ours before it has an id, which it gets each time it is sent.
struct Call {
    var method: Method
    var params: RequestParams
    var limits: CallLimits
    var fields: [(name: String, value: String)] = []
    var force = false
    var onProgress: ClientLink.ProgressHandler?
    var onInputRequest: InputHandlers.Handler?
    /// Tells whether the tasks extension is declared with it; the modern era only.
    var declaresTasks = false
    /// The id, if it is not to be the next one.
    var id: RequestID?

    /// Tells whether it may be corrected and sent again.
    var maySendAgain: Bool {
        !force && !fields.contains { $0.name.lowercased().hasPrefix("mcp-") }
    }

    /// Tells that it is answered at once: no progress is asked for, and no question belongs to it.
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
