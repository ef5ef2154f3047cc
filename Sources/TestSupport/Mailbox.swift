public import JSON
import Synchronization

/// The frames that one end of a link sent, in order, for a test to inspect or wait for.
public final class Mailbox: Sendable {
    private struct State {
        var frames: [[UInt8]] = []
        var read = 0
        var waiting: [CheckedContinuation<[UInt8], Never>] = []
    }

    private let state = Mutex(State())

    /// Creates an empty mailbox.
    public init() {}

    /// Adds a frame and resumes a waiting test.
    public func put(_ bytes: [UInt8]) {
        let waiter = state.withLock { state -> CheckedContinuation<[UInt8], Never>? in
            state.frames.append(bytes)
            guard !state.waiting.isEmpty else { return nil }
            state.read += 1
            return state.waiting.removeFirst()
        }
        waiter?.resume(returning: bytes)
    }

    /// Takes the next frame, waiting for it if necessary.
    ///
    /// Give the test a time limit.
    public func next() async -> [UInt8] {
        await withCheckedContinuation { continuation in
            let frame = state.withLock { state -> [UInt8]? in
                guard state.read < state.frames.count else {
                    state.waiting.append(continuation)
                    return nil
                }
                state.read += 1
                return state.frames[state.read - 1]
            }
            if let frame { continuation.resume(returning: frame) }
        }
    }

    /// The next frame as JSON.
    public func nextJSON() async throws -> JSONValue {
        try JSONValue(parsing: await next())
    }

    /// All frames so far, taken or not.
    public var frames: [[UInt8]] {
        state.withLock { $0.frames }
    }

    /// All frames so far as JSON.
    public func allJSON() throws -> [JSONValue] {
        try frames.map { try JSONValue(parsing: $0) }
    }
}
