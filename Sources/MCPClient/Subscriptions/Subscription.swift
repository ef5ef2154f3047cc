import AsyncRuntime
import JSON
public import JSONRPC
public import MCP
import Synchronization

/// The changes that a server was asked to report, and whether it does.
///
/// The reports are events of the connection. In the modern era a subscription is a request that stays open; it is sent
/// again if it breaks, and changes in between are lost. In the legacy era the server remembers each resource, and
/// reports changes of its lists unasked.
/// Source: 2026-07-28, "Subscriptions"; 2025-11-25, "Resources", subscriptions.
public final class Subscription: Sendable {
    /// The status of a subscription.
    public enum Status: Sendable {
        /// The server has not acknowledged it yet.
        case opening
        /// The server reports changes.
        case active
        /// It broke and is about to be sent again.
        case reopening
        /// It ended.
        case ended(End)
    }

    /// How a subscription ended.
    public enum End: Sendable {
        /// The client ended it.
        case byUs
        /// The server ended it.
        case byServer
        /// It broke or was refused.
        case failed(CallError)
    }

    /// The request that holds a subscription of the modern era open.
    struct OpenRequest {
        enum Phase {
            case sent
            case acknowledged
            case endedByServer
        }

        let id: RequestID
        var phase = Phase.sent
    }

    private struct State {
        var status: Status
        var request: OpenRequest?
        var accepted: SubscriptionFilter?
        var task: Task<Void, Never>?

        /// Ends it, unless it has ended.
        mutating func end(_ end: End) -> Bool {
            if case .ended = status { return false }
            status = .ended(end)
            return true
        }
    }

    /// The changes that were requested.
    public let requested: SubscriptionFilter

    /// Opens once the server has acknowledged it or it has ended.
    let opened = Latch<Result<Void, CallError>>()
    private let state: Mutex<State>

    init(_ requested: SubscriptionFilter, accepted: SubscriptionFilter? = nil) {
        self.requested = requested
        state = Mutex(State(status: accepted == nil ? .opening : .active, accepted: accepted))
    }

    /// The status.
    public var status: Status { state.withLock { $0.status } }
    /// The id of the request that holds it open, which its events carry; nil in the legacy era.
    public var id: RequestID? { request?.id }
    /// The requested changes that the server reports; nil until it has said so.
    public var accepted: SubscriptionFilter? { state.withLock { $0.accepted } }

    var request: OpenRequest? { state.withLock { $0.request } }
    var task: Task<Void, Never>? { state.withLock { $0.task } }

    // MARK: - Steps

    /// Hands over the task that holds it open.
    func start(_ task: Task<Void, Never>) {
        state.withLock { $0.task = task }
    }

    /// Notes that a request of that id was sent for it.
    func begin(_ id: RequestID) {
        state.withLock { $0.request = OpenRequest(id: id) }
    }

    /// Takes the server's acknowledgement.
    ///
    /// - Returns: What is wrong with it.
    func acknowledge(_ filter: SubscriptionFilter?) -> [String] {
        let isRepeated = state.withLock { state in
            let isRepeated = state.request?.phase == .acknowledged
            if state.request?.phase == .sent { state.request?.phase = .acknowledged }
            state.accepted = filter ?? SubscriptionFilter()
            if case .ended = state.status { return isRepeated }
            state.status = .active
            return isRepeated
        }
        opened.open(.success(()))
        var faults: [String] = []
        if isRepeated { faults.append("it was acknowledged twice") }
        guard let filter else { return faults + ["its acknowledgement does not name what the server reports"] }
        for extra in filter.kinds.subtracting(requested.kinds).sorted() {
            faults.append("its acknowledgement names \(extra), which was not requested")
        }
        return faults
    }

    /// Why a notification of that name should not have come on it.
    func objection(to name: NotificationName) -> String? {
        guard let kind = SubscriptionFilter.kind(of: name) else { return nil }
        if !requested.kinds.contains(kind) { return "\(name) came, but \(kind) was not requested" }
        return request?.phase == .sent ? "\(name) came before the acknowledgement" : nil
    }

    /// Notes that the server ended the request.
    func endByServer() {
        state.withLock { $0.request?.phase = .endedByServer }
    }

    /// Notes that an active subscription broke and is about to be sent again.
    func reopen() {
        state.withLock { state in
            if case .active = state.status { state.status = .reopening }
        }
    }

    /// Ends it; only the first end counts.
    func end(_ end: End) {
        let task = state.withLock { $0.end(end) ? $0.task : nil }
        task?.cancel()
        if case .failed(let error) = end { opened.open(.failure(error)) } else { opened.open(.success(())) }
    }

    /// Ends it with a failure, unless the server has acknowledged it.
    func giveUp(_ failure: CallFailure) {
        let (error, task) = state.withLock { state -> (CallError?, Task<Void, Never>?) in
            guard case .opening = state.status else { return (nil, nil) }
            let id = state.request?.id ?? 0
            let error = CallError(cause: .failed(failure), id: id, request: [], elapsed: .zero)
            return state.end(.failed(error)) ? (error, state.task) : (nil, nil)
        }
        guard let error else { return }
        task?.cancel()
        opened.open(.failure(error))
    }
}

extension SubscriptionFilter {
    /// The names of what is requested.
    var kinds: Set<String> {
        Set(json.members.filter { $0.value.bool == true || $0.value.array?.isEmpty == false }.map(\.key))
    }

    /// What has to be requested to get that notification.
    static func kind(of name: NotificationName) -> String? {
        switch name {
        case .toolsListChanged: "toolsListChanged"
        case .promptsListChanged: "promptsListChanged"
        case .resourcesListChanged: "resourcesListChanged"
        case .resourcesUpdated: "resourceSubscriptions"
        case .tasks: "taskIds"
        default: nil
        }
    }
}
