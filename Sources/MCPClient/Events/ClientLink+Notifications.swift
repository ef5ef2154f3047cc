import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

extension ClientLink {
    /// Adds a notification of the server to the events and passes it on to the request that it concerns.
    func take(_ notification: Message.Notification, _ arrival: Arrival) {
        let name = NotificationName(rawValue: notification.method)
        switch name {
        case .progress: takeProgress(notification.params, arrival)
        case .message: takeLog(notification.params, arrival)
        case .toolsListChanged: takeChange(.toolsListChanged, notification.params, arrival)
        case .promptsListChanged: takeChange(.promptsListChanged, notification.params, arrival)
        case .resourcesListChanged: takeChange(.resourcesListChanged, notification.params, arrival)
        case .resourcesUpdated: takeChange(.resourcesUpdated, notification.params, arrival)
        case .tasks, .tasksStatus:
            let subscription = subscription(of: notification.params, name, arrival)
            let content = EventLog.Content.task(name, notification.params ?? JSONText([:]))
            events.add(content, at: arrival.time, exchange: subscription, frame: arrival.frame)
        case .subscriptionsAcknowledged: takeAcknowledgement(notification.params, arrival)
        case .cancelled: takeCancellation(notification.params, arrival)
        default:
            let owner = state.withLock { $0.owner(of: arrival, isMultiplexed: isMultiplexed) }
            let content = EventLog.Content.notification(notification.method, notification.params)
            events.add(content, at: arrival.time, exchange: owner, frame: arrival.frame)
        }
    }

    /// Whether all messages share one connection, whatever request they belong to.
    var isMultiplexed: Bool { transport.kind != .streamableHTTP }

    private func takeProgress(_ params: JSONText?, _ arrival: Arrival) {
        guard let params, let token = params["progressToken"].flatMap({ RequestID($0.value()) }) else {
            return note(.invalidMessage(nil, "a progress notification has no progressToken"), arrival)
        }
        let progress = params["progress"]?.number?.double
        let (id, handler, last, wasAbandoned) = state.withLock { state in
            guard let id = state.exchange(of: token), let exchange = state.exchanges[id] else {
                return (nil, nil, nil, state.abandoned.contains(token)) as (RequestID?, ProgressHandler?, Double?, Bool)
            }
            if let progress { state.exchanges[id]?.lastProgress = progress }
            return (id, exchange.onProgress, exchange.lastProgress, false)
        }
        events.add(.progress(params), at: arrival.time, exchange: id ?? token, frame: arrival.frame)
        guard let id else {
            if !wasAbandoned {
                breach("a progress notification has the token \(token), which no waiting request has", arrival)
            }
            return
        }
        peer.noteActivity(of: id)
        if progress == nil {
            breach("the progress in a progress notification is missing or not a number", arrival, exchange: id)
        } else if let progress, let last, progress <= last {
            let sentence = "the progress of request \(id) went from \(last) to \(progress), but it must increase"
            breach(sentence, arrival, exchange: id)
        }
        handler?(params)
    }

    private func takeLog(_ params: JSONText?, _ arrival: Arrival) {
        let text = params?["level"]?.string
        let level = text.flatMap(LogLevel.init(rawValue:))
        let (owner, objection) = state.withLock { state in
            (
                state.owner(of: arrival, isMultiplexed: isMultiplexed),
                level.flatMap { state.logLevel.objection(to: $0, in: state.revision) }
            )
        }
        events.add(.log(params ?? JSONText([:])), at: arrival.time, exchange: owner, frame: arrival.frame)
        if level == nil {
            let given = text.map { "the level \"\($0)\", which does not exist" } ?? "no level"
            breach("a log message has \(given)", arrival, exchange: owner)
        }
        if let objection { breach(objection, arrival, exchange: owner) }
    }

    private func takeChange(_ name: NotificationName, _ params: JSONText?, _ arrival: Arrival) {
        let subscription = subscription(of: params, name, arrival)
        events.add(.change(name, params), at: arrival.time, exchange: subscription, frame: arrival.frame)
    }
}
