import JSON
import MCP
import MCPClient
import MCPTransport
import Synchronization
import Tester

/// Shows what a server sends while the prompt waits.
///
/// While a command runs nothing is shown, because its report has the events.
final class ShellNews: Sendable {
    private struct State {
        /// Whether the prompt waits.
        var isIdle = false
        /// The connection, and the number of its last event that was shown or that a report has.
        var connection: Connection?
        var mark = 0
        var hasShownEnd = false
    }

    private let streams: Streams
    private let style: Style
    private let state = Mutex(State())

    init(_ streams: Streams, style: Style) {
        self.streams = streams
        self.style = style
    }

    /// Shows an event if the prompt waits.
    func received(_ event: EventLog.Entry) {
        let isShown = state.withLock { state in
            // An event that was in the log already when the prompt began was shown then.
            guard state.isIdle, event.number > state.mark else { return false }
            state.mark = event.number
            return true
        }
        if isShown { show([event]) }
    }

    /// Notes that everything so far is in a report.
    func reported(on connection: Connection?) {
        let count = connection?.client.link.events.count ?? 0
        state.withLock { state in
            if state.connection !== connection { state.hasShownEnd = false }
            state.connection = connection
            state.mark = count
        }
    }

    /// Shows the events since the last report, and from now on what comes.
    func begin() {
        let connection = state.withLock { $0.connection }
        let mark = connection?.client.link.events.count ?? 0
        let former = state.withLock { state in
            state.isIdle = true
            defer { state.mark = mark }
            return state.mark
        }
        if let connection { show(connection.client.link.events.since(former).entries.filter { $0.number <= mark }) }
        showEnd()
    }

    /// Shows nothing from now on.
    func end() {
        state.withLock { $0.isIdle = false }
    }

    /// Says what a restart changed that files caused, if the prompt waits; otherwise the next report says it.
    func restarted(because cause: String, _ report: Report, _ connection: Connection?) {
        let isShown = state.withLock { state in
            // The events of the new connection are counted again.
            (state.connection, state.mark, state.hasShownEnd) = (connection, 0, false)
            return state.isIdle
        }
        guard isShown else { return }
        var report = report
        report.reword(.shell)
        let text = streams.secrets.redactor.redact("\(cause): \(report.failure?.message ?? report.summary)")
        streams.error(style.applied(.faint, to: "· \(SafeText.escapeLine(text))") + "\n", isClean: true)
    }

    /// Says that the server has ended, once, if the prompt waits.
    func showEnd() {
        // A connection that the session itself closes has ended on purpose, perhaps for a restart.
        guard let end = state.withLock({ $0.connection })?.client.link.end, end.cause != .closedByUs else { return }
        let isNews = state.withLock { state in
            guard state.isIdle, !state.hasShownEnd else { return false }
            state.hasShownEnd = true
            return true
        }
        guard isNews else { return }
        streams.error(
            style.applied(.bad, to: "The connection has ended")
                + SafeText.escapeLine(": \(end.reason). `restart` starts the server again.") + "\n"
        )
    }

    private func show(_ events: [EventLog.Entry]) {
        for event in events {
            guard let text = Self.text(of: event.content) else { continue }
            let line = SafeText.escapeLine(String(streams.secrets.redactor.redact(text).prefix(Self.longest)))
            streams.error(style.applied(.faint, to: "· \(line)") + "\n", isClean: true)
        }
    }

    /// Longer events are cut: `events` shows them.
    private static let longest = 500

    /// An event in one line; nil if it needs no attention.
    private static func text(of content: EventLog.Content) -> String? {
        switch content {
        case .log(let params):
            let data = params["data"]?.value()
            let logger = params["logger"]?.string.map { " \($0)" } ?? ""
            return "\(params["level"]?.string ?? "log")\(logger): \(data?.string ?? data?.description ?? "")"
        case .change(.resourcesUpdated, let params): return "changed: \(params?["uri"]?.string ?? "a resource")"
        case .change(let name, _):
            switch name {
            case .toolsListChanged: return "the list of tools has changed"
            case .promptsListChanged: return "the list of prompts has changed"
            case .resourcesListChanged: return "the list of resources has changed"
            default: return name.rawValue
            }
        case .task(_, let params):
            return "task \(params["taskId"]?.string ?? "") \(params["status"]?.string ?? "")"
        case .notification(let name, let params): return "\(name) \(params?.description ?? "")"
        case .standardError(let line): return "stderr: \(String(decoding: line, as: UTF8.self))"
        case .noticed(let kind): return kind.isFault ? "fault: \(kind)" : nil
        case .inputRequest(let request): return "the server requests \(request.kind.rawValue)"
        case .progress, .frame, .inputOutcome, .note: return nil
        }
    }
}
