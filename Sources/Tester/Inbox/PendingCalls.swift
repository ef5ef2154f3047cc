import JSONRPC
import MCPTransport
import Synchronization

/// The calls that wait for input, by their ids; the ids of ended calls are remembered for a while.
///
/// Anyone who knows the id of a call can answer it, within the same principal.
final class PendingCalls: Sendable {
    /// What is known about an id.
    enum Entry {
        case open(PendingCall)
        /// The call has ended, and its result was reported.
        case told
    }

    private struct State {
        var entries: [String: (principal: Principal, entry: Entry)] = [:]
        var told: [String] = []
    }

    /// How many ended calls are remembered.
    private static let remembered = 500

    private let state = Mutex(State())

    /// Adds a call that waits for input; adding it again changes nothing.
    func add(_ call: PendingCall, of principal: Principal) {
        call.onExpiry { [weak self, weak call] in
            if let call { self?.close(call) }
        }
        state.withLock { state in
            if state.entries[call.id] == nil { state.entries[call.id] = (principal, .open(call)) }
        }
    }

    func find(_ id: String, for principal: Principal) -> Entry? {
        state.withLock { state in
            guard let found = state.entries[id], found.principal == principal else { return nil }
            return found.entry
        }
    }

    /// The waiting calls of a principal.
    func open(for principal: Principal) -> [PendingCall] {
        state.withLock { state in
            state.entries.values.compactMap { found in
                if found.principal == principal, case .open(let call) = found.entry { call } else { nil }
            }
        }
    }

    /// Removes a call whose result was reported, or that expired.
    func close(_ call: PendingCall) {
        guard call.isKnown else { return }
        state.withLock { state in
            guard let found = state.entries[call.id], case .open = found.entry else { return }
            state.entries[call.id] = (found.principal, .told)
            state.told.append(call.id)
            if state.told.count > Self.remembered {
                for id in state.told.prefix(Self.remembered / 2) { state.entries[id] = nil }
                state.told.removeFirst(Self.remembered / 2)
            }
        }
    }
}
