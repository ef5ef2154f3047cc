import AsyncRuntime
import Platform
import Synchronization

/// Sees to it that no child outlives us, even when we are ended by SIGKILL and can do nothing ourselves.
///
/// A shell in a session of its own reads the process groups of our children from a pipe. When the last writer of the
/// pipe is gone, which the system brings about however we die, it kills the groups that are left and ends. What escapes:
/// a grandchild that left its group with setsid(2) or setpgid(2).
final class ProcessGuard: Sendable {
    static let shared = ProcessGuard()

    private struct Running {
        let processID: pid_t
        let pipe: Int32
    }

    private struct State {
        var running: Running?
        var groups: Set<pid_t> = []
        var failure: SystemError?
    }

    private let state = Mutex(State())

    /// Why the guard could not be started; children run without it then.
    var failure: SystemError? {
        state.withLock { $0.failure }
    }

    /// The guard's own process, while it runs.
    var processID: pid_t? {
        state.withLock { $0.running?.processID }
    }

    /// Adds a process group; starts the guard with the first.
    ///
    /// To be called right after the child's start: while the guard starts, the child does, too.
    func protect(_ group: pid_t) {
        state.withLock { state in
            state.groups.insert(group)
            tell(&state, "+ \(group)\n")
        }
    }

    /// Takes a process group out; to be called while its id cannot have been given to others yet.
    func release(_ group: pid_t) {
        state.withLock { state in
            guard state.groups.remove(group) != nil, state.running != nil else { return }
            tell(&state, "- \(group)\n")
        }
    }

    /// Does on purpose what our death does: the groups that are left are killed, the guard ends.
    func abandon() {
        state.withLock { state in
            state.groups = []
            stop(&state)
        }
    }

    private func tell(_ state: inout State, _ message: String) {
        if let running = state.running, send(message, to: running.pipe) {
            return
        }
        // None yet, or somebody killed it: a new one has to know all groups.
        stop(&state)
        do {
            let running = try start()
            state.running = running
            state.failure = nil
            _ = send(state.groups.map { "+ \($0)\n" }.joined(), to: running.pipe)
        } catch {
            state.failure = error
        }
    }

    private func stop(_ state: inout State) {
        guard let running = state.running.take() else { return }
        close(running.pipe)
        var status: Int32 = 0
        while waitpid(running.processID, &status, 0) < 0, errno == EINTR {}
    }

    private func start() throws(SystemError) -> Running {
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard nowhere >= 0 else { throw SystemError("open /dev/null") }
        defer { close(nowhere) }
        let pipe = try Pipe.open()
        defer { close(pipe.readEnd) }
        makeNonBlocking(pipe.writeEnd)
        do {
            let processID = try SpawnRequest(
                path: "/bin/sh",
                arguments: ["sh", "-c", Self.script, "process-guard"],
                environment: [],
                workingDirectory: "/",
                input: pipe.readEnd,
                output: nowhere,
                errors: nowhere,
                placement: .ownSession,
                // From its birth on nothing but SIGKILL may end it before its input does.
                blockedSignals: [SIGHUP, SIGINT, SIGQUIT, SIGTERM]
            ).start()
            return Running(processID: processID, pipe: pipe.writeEnd)
        } catch {
            close(pipe.writeEnd)
            throw error
        }
    }

    private func send(_ message: String, to pipe: Int32) -> Bool {
        Array(message.utf8).withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) == $0.count }
    }

    /// Builtins only: it must work when nothing else does.
    private static let script = """
        groups=
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
