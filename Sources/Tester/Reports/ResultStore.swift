public import JSON
import Synchronization

/// Whole reports of which the caller has seen only a part, by the handles that were given for them.
///
/// They are removed with their connection, or when newer ones need the room.
final class ResultStore: Sendable {
    /// A report that was kept.
    struct Entry {
        let handle: String
        let connectionID: String?
        let whole: JSONText
    }

    /// Why there is nothing under a handle.
    enum Absence: Error {
        /// It was removed.
        case expired
        /// It was never given.
        case unknown
    }

    private struct State {
        var entries: [Entry] = []
        var count = 0
        var bytes = 0
    }

    /// How many bytes are kept per session.
    private static let limit = 256 << 20

    private let state = Mutex(State())

    /// Keeps a report.
    ///
    /// - Returns: Its handle.
    func keep(_ whole: JSONText, connectionID: String?) -> String {
        state.withLock { state in
            state.count += 1
            let handle = "@\(state.count)"
            state.entries.append(Entry(handle: handle, connectionID: connectionID, whole: whole))
            state.bytes += whole.bytes.count
            while state.bytes > Self.limit, state.entries.count > 1 {
                state.bytes -= state.entries.removeFirst().whole.bytes.count
            }
            return handle
        }
    }

    /// The report with a handle.
    func find(_ handle: String) throws(Absence) -> JSONText {
        let (entry, count) = state.withLock { state in (state.entries.first { $0.handle == handle }, state.count) }
        if let entry { return entry.whole }
        let number = handle.hasPrefix("@") ? Int(handle.dropFirst()) : nil
        throw number.map { $0 > 0 && $0 <= count } ?? false ? .expired : .unknown
    }

    /// The handles that can be read, oldest first.
    var handles: [String] { state.withLock { $0.entries.map(\.handle) } }

    /// Removes the reports about a connection.
    func removeAll(of connectionID: String) {
        state.withLock { state in
            state.entries.removeAll { $0.connectionID == connectionID }
            state.bytes = state.entries.reduce(0) { $0 + $1.whole.bytes.count }
        }
    }
}

extension TesterSession {
    /// Keeps a whole report of which the caller sees only a part.
    ///
    /// - Returns: The handle by which ``readResult(_:_:)`` finds it.
    public func keep(_ whole: JSONText, of report: Report) -> String {
        results.keep(whole, connectionID: report.connectionID)
    }
}
