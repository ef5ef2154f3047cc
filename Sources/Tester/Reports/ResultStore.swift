public import JSON
import Synchronization

/// Whole reports of which the callers have seen only a part, by the handles that were given for them.
///
/// All sessions share one limit. A report is removed with its connection or its session, or when newer ones need the room.
final class ResultStore: Sendable {
    /// A session whose reports are kept, with handles of its own.
    struct Owner: Hashable {
        fileprivate let number: Int
    }

    /// Why there is nothing under a handle.
    enum Absence: Error {
        /// It was removed.
        case expired
        /// It was never given.
        case unknown
    }

    private struct Entry {
        let owner: Owner
        let handle: String
        let connectionID: String?
        let whole: JSONText
    }

    private struct State {
        var entries: [Entry] = []
        var bytes = 0
        var owners = 0
        /// How many handles each owner was given.
        var counts: [Owner: Int] = [:]
    }

    /// The default for the bytes that are kept for all sessions together.
    static let defaultLimit = 64 << 20

    private let limit: Int
    private let state = Mutex(State())

    /// Creates an empty store.
    ///
    /// - Parameter limit: How many bytes are kept; the newest report is kept in any case.
    init(limit: Int = defaultLimit) {
        self.limit = limit
    }

    /// Adds a session.
    func addOwner() -> Owner {
        state.withLock { state in
            state.owners += 1
            return Owner(number: state.owners)
        }
    }

    /// Keeps a report.
    ///
    /// - Returns: Its handle.
    func keep(_ whole: JSONText, of owner: Owner, connectionID: String?) -> String {
        state.withLock { state in
            let count = state.counts[owner, default: 0] + 1
            state.counts[owner] = count
            let handle = "@\(count)"
            state.entries.append(Entry(owner: owner, handle: handle, connectionID: connectionID, whole: whole))
            state.bytes += whole.bytes.count
            while state.bytes > limit, state.entries.count > 1 {
                state.bytes -= state.entries.removeFirst().whole.bytes.count
            }
            return handle
        }
    }

    /// The report with a handle.
    func find(_ handle: String, of owner: Owner) throws(Absence) -> JSONText {
        let (entry, count) = state.withLock { state in
            (state.entries.first { $0.owner == owner && $0.handle == handle }, state.counts[owner] ?? 0)
        }
        if let entry { return entry.whole }
        let number = handle.hasPrefix("@") ? Int(handle.dropFirst()) : nil
        throw number.map { $0 > 0 && $0 <= count } ?? false ? .expired : .unknown
    }

    /// The handles that a session can read, oldest first.
    func handles(of owner: Owner) -> [String] {
        state.withLock { state in state.entries.filter { $0.owner == owner }.map(\.handle) }
    }

    /// Removes the reports about a connection.
    func removeAll(about connectionID: String) {
        remove { $0.connectionID == connectionID }
    }

    /// Removes a session with all its reports.
    func removeAll(of owner: Owner) {
        remove { $0.owner == owner }
        state.withLock { $0.counts[owner] = nil }
    }

    private func remove(_ isRemoved: (Entry) -> Bool) {
        state.withLock { state in
            state.entries.removeAll(where: isRemoved)
            state.bytes = state.entries.reduce(0) { $0 + $1.whole.bytes.count }
        }
    }
}

extension TesterSession {
    /// Keeps a whole report of which the caller sees only a part.
    ///
    /// - Returns: The handle by which ``readResult(_:_:in:)`` finds it.
    public func keep(_ whole: JSONText, of report: Report) -> String {
        directory.results.keep(whole, of: resultOwner, connectionID: report.connectionID)
    }

    /// The report with a handle.
    func result(_ handle: String) throws(ResultStore.Absence) -> JSONText {
        try directory.results.find(handle, of: resultOwner)
    }
}
