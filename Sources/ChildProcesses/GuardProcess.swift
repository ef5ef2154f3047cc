import AsyncRuntime
import Platform

/// One process of the ``ProcessGuard``, with the pipe that it reads process groups from.
final class GuardProcess: Sendable {
    enum Change {
        case stopped
        case exited
    }

    private enum Phase {
        case running
        /// Killed, or left to its end: the pipe is closed.
        case ending
        /// Its ID may belong to another process.
        case reaped
    }

    let id: pid_t
    private let pipe: Int32
    private let phase: LoopBound<Phase>

    private init(id: pid_t, pipe: Int32, on loop: PollLoop) {
        self.id = id
        self.pipe = pipe
        phase = LoopBound(.running, on: loop)
    }

    /// Starts a process that guards the groups; may block.
    static func start(guarding groups: Set<pid_t>, on loop: PollLoop) throws(SystemError) -> GuardProcess {
        try withoutSharingPipes { () throws(SystemError) in try startUnlocked(guarding: groups, on: loop) }
    }

    private static func startUnlocked(
        guarding groups: Set<pid_t>,
        on loop: PollLoop
    ) throws(SystemError) -> GuardProcess {
        let devNull = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard devNull >= 0 else { throw SystemError("open /dev/null") }
        defer { close(devNull) }
        let pipe = try Pipe.open()
        defer { close(pipe.readEnd) }
        makeNonBlocking(pipe.writeEnd)
        do throws(SystemError) {
            let id = try SpawnRequest(
                path: "/bin/sh",
                arguments: ["sh", "-c", script, "process-guard"] + groups.map(String.init),
                environment: [],
                workingDirectory: "/",
                input: pipe.readEnd,
                output: devNull,
                errors: devNull,
                placement: .ownSession,
                // From its birth on nothing but SIGKILL may end it before its input does.
                blockedSignals: [SIGHUP, SIGINT, SIGQUIT, SIGTERM]
            ).start()
            return GuardProcess(id: id, pipe: pipe.writeEnd, on: loop)
        } catch {
            close(pipe.writeEnd)
            throw error
        }
    }

    /// Adds or removes a group; false if the process has exited, or does not read and its pipe is full.
    func send(_ message: String) -> Bool {
        guard case .running = phase.value else { return false }
        // Up to PIPE_BUF bytes are written whole or not at all.
        return Array(message.utf8).withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) == $0.count }
    }

    /// Waits until the process is stopped or has exited, and leaves it a zombie in that case.
    func waitUntilStoppedOrExited() -> Change {
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WSTOPPED | WNOWAIT) != 0 {
            guard errno == EINTR else { return .exited }
        }
        return information.si_code == Int32(CLD_STOPPED) ? .stopped : .exited
    }

    /// Ends the process, which leaves the groups alone.
    func kill() {
        guard case .running = phase.value else { return }
        // The pipe must not be closed before: that is the sign to kill the groups.
        Platform.kill(id, SIGKILL)
        letGo()
    }

    /// Closes the pipe: a process that still runs kills the groups that are left and exits.
    func letGo() {
        guard case .running = phase.value else { return }
        close(pipe)
        phase.value = .ending
    }

    /// Reaps the process, which has exited.
    func reap() {
        letGo()
        phase.value = .reaped
        _ = waitpid(id, nil, WNOHANG)
    }

    /// Builtins only, because it must work when nothing else does.
    private static let script = """
        groups="$*"
        while read -r change group; do
            case $change in
            +) groups="$groups $group" ;;
            -)
                left=
                for one in $groups; do
                    [ "$one" = "$group" ] || left="$left $one"
                done
                groups=$left
                ;;
            esac
        done
        for one in $groups; do
            kill -KILL "-$one"
        done
        """
}
