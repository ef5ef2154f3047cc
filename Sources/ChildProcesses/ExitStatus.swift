/// How a process exited.
public enum ExitStatus: Sendable, Equatable {
    /// It returned a code, by convention 0 for success.
    case exited(code: Int32)
    /// A signal killed it.
    case signalled(signal: Int32, coreDumped: Bool)
    /// Other code in this process took the status before us, or SIGCHLD is ignored.
    case unknown

    /// Reads what waitpid(2) returns.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self =
            signal == 0
            ? .exited(code: waitStatus >> 8 & 0xFF)
            : .signalled(signal: signal, coreDumped: waitStatus & 0x80 != 0)
    }
}

extension ExitStatus: CustomStringConvertible {
    /// For example "exited with code 3" or "killed by SIGSEGV (11), core dumped".
    public var description: String {
        switch self {
        case .exited(let code):
            "exited with code \(code)"
        case .signalled(let signal, let coreDumped):
            "killed by \(signalName(signal))\(coreDumped ? ", core dumped" : "")"
        case .unknown:
            "exited, but its status was lost: other code in this process waits for children or ignores SIGCHLD"
        }
    }
}
