import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// Notifies the host of a legacy session of changes, on the session's own stream.
///
/// Every session is notified of changed lists; only subscribed sessions are notified of a changed resource.
/// Source: 2025-11-25, "Tools", "Prompts" and "Resources"; "Tasks", status notifications.
final class LegacySubscriber: Subscriber {
    private let session: String
    private let revision: Revision
    private let host: HostLink
    private let uris = Mutex<Set<String>>([])

    init(session: String, revision: Revision, host: HostLink) {
        self.session = session
        self.revision = revision
        self.host = host
    }

    func subscribe(to uri: String) {
        _ = uris.withLock { $0.insert(uri) }
    }

    func unsubscribe(from uri: String) {
        _ = uris.withLock { $0.remove(uri) }
    }

    func receive(_ event: Event) {
        switch event {
        case .change(let change):
            if case .content(let uri) = change, !uris.withLock({ $0.contains(uri) }) { return }
            let (name, params) = change.notification
            host.send(.notification(Message.encode(name, params, in: revision)))
        case .task(let task):
            guard task.owner == .session(session), revision.has(.tasks) else { return }
            host.send(.notification(Message.encode(.tasksStatus, task.statusParams(in: revision), in: revision)))
        }
    }
}
