import Platform
import Synchronization

extension PollLoop {
    private struct SignalActions {
        var pipe: Pipe?
        var actions: [Int32: (loop: PollLoop, action: @Sendable (Int32) -> Void)] = [:]
    }

    private static let signalActions = Mutex(SignalActions())

    /// Runs an action on this loop whenever one of the signals arrives, instead of what the signal would do.
    ///
    /// Signals belong to the whole process: the last action given for a signal replaces earlier ones. The handler only
    /// writes the number into a pipe. Children are started with the default dispositions.
    package func onSignal(
        _ signals: [Int32],
        _ action: @escaping @Sendable (Int32) -> Void
    ) throws(SystemError) {
        try Self.signalActions.withLock { state throws(SystemError) in
            if state.pipe == nil {
                let pipe = try Pipe.open()
                makeNonBlocking(pipe.readEnd)
                makeNonBlocking(pipe.writeEnd)
                signalDescriptor.store(pipe.writeEnd, ordering: .sequentiallyConsistent)
                addOrRun { _ = self.watch(pipe.readEnd, for: POLLIN) { Self.runSignalActions(from: pipe) } }
                state.pipe = pipe
            }
            for number in signals {
                state.actions[number] = (self, action)
                signal(number, noteSignal)
            }
        }
    }

    /// The descriptor that is readable while a signal waits for its action; nil if no signal has one.
    package static var signalEvents: Int32? {
        signalActions.withLock { $0.pipe?.readEnd }
    }

    private static func runSignalActions(from pipe: Pipe) {
        var number: UInt8 = 0
        while read(pipe.readEnd, &number, 1) == 1 {
            let signal = Int32(number)
            guard let (loop, action) = signalActions.withLock({ $0.actions[signal] }) else { continue }
            loop.add { action(signal) }
        }
    }
}

/// Where the handler writes.
///
/// An atomic, because a handler may neither lock nor allocate.
private let signalDescriptor = Atomic<Int32>(-1)

private func noteSignal(_ number: Int32) {
    let errorNumber = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(signalDescriptor.load(ordering: .sequentiallyConsistent), &byte, 1)
    errno = errorNumber
}
