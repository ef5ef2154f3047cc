import AsyncRuntime
import ChildProcesses
import Synchronization

/// The system's secret service, which keeps one key for the token stores of this user.
///
/// It is reached by a program of the system: `secret-tool` of libsecret, or `security` on macOS. The key passes through
/// standard streams only, because other users can see the arguments of a program.
struct SecretService: Sendable {
    let clock: any Scheduler

    /// The time after which a program is terminated; until then, the user may have to enter a password.
    static let limit = Duration.seconds(60)

    /// How the system's program exited, and what it wrote.
    private struct Run {
        /// The exit code; nil if the program did not exit by itself.
        var code: Int32?
        /// The first line of its standard output.
        var output: String
        /// The last line of its standard error.
        var errors: String
        /// How it exited, as a clause.
        var description: String

        var isSuccess: Bool { code == 0 }
    }

    #if canImport(Darwin)
    private static let program = "/usr/bin/security"
    private static let item = ["-s", "mcp-test-mcp", "-a", "token-store"]
    private static let adviceToInstall = "Use a file instead: --auth-store FILE."
    private static let adviceToUnlock = "Unlock the login keychain, or use a file instead: --auth-store FILE."
    /// The exit code for errSecItemNotFound.
    private static let missing: Int32 = 44
    #else
    private static let program = "secret-tool"
    private static let item = ["application", "mcp-test-mcp", "purpose", "token-store"]
    private static let adviceToInstall =
        "Install it (the package libsecret-tools or libsecret), or use a file instead: --auth-store FILE."
    private static let adviceToUnlock =
        "Run this program in a session with D-Bus and an unlocked keyring, or use a file instead: --auth-store FILE."
    private static let missing: Int32 = 1
    #endif

    /// The key; nil if there is none, or if the collection is locked and no one unlocks it.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/store``.
    func key() async throws(AuthFailure) -> String? {
        #if canImport(Darwin)
        let run = try await run(["find-generic-password"] + Self.item + ["-w"])
        if run.code == Self.missing { return nil }
        #else
        let run = try await run(["lookup"] + Self.item)
        // It writes nothing if the key is missing, and nothing either if it is locked.
        if run.code == Self.missing, run.errors.isEmpty { return nil }
        #endif
        guard run.isSuccess, !run.output.isEmpty else { throw failure(of: run) }
        return run.output
    }

    /// Stores the key in place of the former one.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/store``.
    func store(_ key: String) async throws(AuthFailure) {
        #if canImport(Darwin)
        let words = ["add-generic-password", "-U"] + Self.item + ["-w", key]
        let run = try await run(["-i"], input: words.joined(separator: " ") + "\n")
        #else
        let run = try await run(["store", "--label=Tokens of mcp-test-mcp"] + Self.item, input: key)
        #endif
        guard run.isSuccess else { throw failure(of: run) }
    }

    private func run(_ arguments: [String], input: String = "") async throws(AuthFailure) -> Run {
        let output = Mutex<String?>(nil)
        let errors = Mutex("")
        let handlers = ChildProcess.Handlers(
            line: { line in output.withLock { $0 = $0 ?? line.text } },
            errorLine: { line in errors.withLock { $0 = String(line.text.prefix(300)) } }
        )
        let report: ExitReport
        do throws(SpawnFailure) {
            let command = ChildProcess.Command(executable: Self.program, arguments: arguments)
            let child = try await ChildProcess.spawn(command, handlers: handlers)
            child.write(Array(input.utf8))
            child.closeInput()
            report = await child.end(within: Self.limit, on: clock)
        } catch {
            throw AuthFailure(
                .store,
                "the system's secret service cannot be used: \(error.message)",
                advice: Self.adviceToInstall
            )
        }
        var code: Int32?
        if case .exited(let exited) = report.status, report.cause == .itself { code = exited }
        return Run(
            code: code,
            output: output.withLock { $0 ?? "" },
            errors: errors.withLock { $0 },
            description: "\(report)"
        )
    }

    private func failure(of run: Run) -> AuthFailure {
        AuthFailure(
            .store,
            "the system's secret service cannot be used: `\(Self.program)` \(run.description)"
                + (run.errors.isEmpty ? "" : " and wrote: \(run.errors)"),
            advice: Self.adviceToUnlock
        )
    }
}
