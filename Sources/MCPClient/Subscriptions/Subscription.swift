import JSON
public import JSONRPC
public import MCP
import Synchronization

/// What a server was asked to tell about, and how far it does.
///
/// What it tells are events of the connection. In the modern era a subscription is a request that stays open; it is
/// asked for again when it broke, and what happened in between is not told again. In the legacy era it is a note that
/// the server keeps for each resource; changes of lists are told unasked.
/// Source: 2026-07-28, "Subscriptions"; 2025-11-25, "Resources", subscriptions.
public final class Subscription: Sendable {
    /// How a subscription stands.
    public enum Status: Sendable {
        /// The server has not acknowledged it yet.
        case opening
        /// The server tells.
        case active
        /// It broke and is about to be asked for again.
        case reopening
        /// It has ended.
        case ended(End)
    }

    /// How a subscription ended.
    public enum End: Sendable {
        /// We ended it.
        case byUs
        /// The server did, in good order.
        case byServer
        /// It broke or was refused.
        case failed(CallError)
    }

    /// What was asked for.
    public let requested: SubscriptionFilter

    struct State {
        var status = Status.opening
        var id: RequestID?
        var honoured: SubscriptionFilter?
        var isAcknowledged = false
        var isEndedByServer = false
        var task: Task<Void, Never>?
        var opening: CheckedContinuation<Result<Void, CallError>, Never>?
    }

    let state: Mutex<State>

    init(_ requested: SubscriptionFilter, honoured: SubscriptionFilter? = nil) {
        self.requested = requested
        state = Mutex(State(status: honoured == nil ? .opening : .active, honoured: honoured))
    }

    /// How it stands.
    public var status: Status { state.withLock { $0.status } }
    /// The id of the request that holds it open, by which its events are found; the modern era only.
    public var id: RequestID? { state.withLock { $0.id } }
    /// What the server honours of what was asked for, once it has said so.
    public var honoured: SubscriptionFilter? { state.withLock { $0.honoured } }

    // MARK: - Steps

    /// It is asked for, by a request of that id.
    func begin(_ id: RequestID) {
        state.withLock { state in
            state.id = id
            state.isAcknowledged = false
        }
    }

    /// The server says what it honours; tells what is wrong with that.
    func acknowledge(_ filter: SubscriptionFilter?) -> [String] {
        let (opening, isRepeated) = state.withLock { state in
            let isRepeated = state.isAcknowledged
            state.isAcknowledged = true
            state.honoured = filter ?? SubscriptionFilter()
            if case .ended = state.status {
                return (nil, isRepeated) as (CheckedContinuation<Result<Void, CallError>, Never>?, Bool)
            }
            state.status = .active
            defer { state.opening = nil }
            return (state.opening, isRepeated)
        }
        opening?.resume(returning: .success(()))
        var faults: [String] = []
        if isRepeated { faults.append("it was acknowledged twice") }
        guard let filter else { return faults + ["its acknowledgement does not say what is honoured"] }
        for extra in filter.kinds.subtracting(requested.kinds).sorted() {
            faults.append("its acknowledgement names \(extra), which was not asked for")
        }
        return faults
    }

    /// Why a notification of that name should not have come.
    func objection(to name: NotificationName) -> String? {
        guard let kind = SubscriptionFilter.kind(of: name) else { return nil }
        if !requested.kinds.contains(kind) { return "\(name) came on it, though \(kind) was not asked for" }
        return state.withLock { $0.isAcknowledged } ? nil : "\(name) came before it was acknowledged"
    }

    /// It is over; the first end counts.
    func end(_ end: End) {
        let (opening, task) = state.withLock { state in
            if case .ended = state.status {
                return (nil, nil) as (CheckedContinuation<Result<Void, CallError>, Never>?, Task<Void, Never>?)
            }
            state.status = .ended(end)
            defer { state.opening = nil }
            return (state.opening, state.task)
        }
        task?.cancel()
        guard let opening else { return }
        switch end {
        case .failed(let error): opening.resume(returning: .failure(error))
        case .byUs, .byServer: opening.resume(returning: .success(()))
        }
    }

    /// Waits until the server has acknowledged it or it has ended.
    func opened() async -> Result<Void, CallError> {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Result<Void, CallError>? in
                switch state.status {
                case .opening:
                    state.opening = continuation
                    return nil
                case .ended(.failed(let error)): return .failure(error)
                case .active, .reopening, .ended: return .success(())
                }
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}

extension SubscriptionFilter {
    /// The names of what is asked for.
    var kinds: Set<String> {
        Set(json.members.filter { $0.value.bool == true || $0.value.array?.isEmpty == false }.map(\.key))
    }

    /// What has to be asked for to get that notification.
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
