import JSON
import JSONRPC
import MCP
import MCPTransport

/// A call before it is sent; each attempt has its own ID.
///
/// A class, because every async function that receives it would reserve space for a copy.
final class Call: Sendable {
    let method: Method
    let params: RequestParams
    let limits: CallLimits
    let fields: [(name: String, value: String)]
    let force: Bool
    let onProgress: ClientLink.ProgressHandler?
    let onInputRequest: InputHandlers.Handler?
    /// Whether the request declares the tasks extension; stateless era only.
    let declaresTasks: Bool
    /// The ID to use in place of the next one.
    let id: RequestID?

    init(
        method: Method,
        params: RequestParams,
        limits: CallLimits,
        fields: [(name: String, value: String)] = [],
        force: Bool = false,
        onProgress: ClientLink.ProgressHandler? = nil,
        onInputRequest: InputHandlers.Handler? = nil,
        declaresTasks: Bool = false,
        id: RequestID? = nil
    ) {
        self.method = method
        self.params = params
        self.limits = limits
        self.fields = fields
        self.force = force
        self.onProgress = onProgress
        self.onInputRequest = onInputRequest
        self.declaresTasks = declaresTasks
        self.id = id
    }

    /// The same call for a later round.
    func repeated(with params: RequestParams, limits: CallLimits) -> Call {
        Call(
            method: method,
            params: params,
            limits: limits,
            fields: fields,
            force: force,
            onProgress: onProgress,
            onInputRequest: onInputRequest,
            declaresTasks: declaresTasks,
            id: id
        )
    }

    /// Whether it may be corrected and repeated.
    var maySendAgain: Bool {
        !force && (fields.isEmpty || !fields.contains { $0.name.lowercased().hasPrefix("mcp-") })
    }

    /// Whether it is answered at once, without progress or input requests.
    var isQuick: Bool { method != .toolsCall && Self.quickMethods.contains(method) }

    private static let quickMethods: Set<Method> = [
        .initialize, .serverDiscover, .ping, .loggingSetLevel, .resourcesSubscribe, .resourcesUnsubscribe,
        .subscriptionsListen, .tasksGet, .tasksUpdate, .tasksCancel, .tasksList,
    ]
}

/// One request, ready to be sent.
///
/// A class, because it is handed from function to function.
final class OutgoingRequest: Sendable {
    let bytes: [UInt8]
    let id: RequestID
    let head: FrameHead
    let limits: CallLimits
    /// Whether the server is notified if the request is cancelled.
    let isCancellable: Bool
    let exchange: OpenExchange

    init(
        _ bytes: [UInt8],
        id: RequestID,
        head: FrameHead,
        limits: CallLimits,
        isCancellable: Bool = true,
        exchange: OpenExchange
    ) {
        self.bytes = bytes
        self.id = id
        self.head = head
        self.limits = limits
        self.isCancellable = isCancellable
        self.exchange = exchange
    }
}
