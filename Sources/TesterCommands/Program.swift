import AsyncRuntime
import BuildInformation
import MCPStdio
import Platform

/// The program: its name, its version and its entry point.
public enum Program {
    /// The name of the executable, which servers under test see as the client's name.
    public static let name = "mcp-test-mcp"
    /// The version of the package.
    public static let version = "1.0.0"
    /// The day of the version, which the manual shows.
    static let versionDate = "2026-11-29"

    /// The name, the version and, in releases, the commit.
    static var fullVersion: String {
        let commit = String(cString: buildCommit())
        return "\(name) \(version)\(commit.isEmpty ? "" : " (\(commit))")"
    }

    /// Runs one command line on the main thread and exits.
    ///
    /// - Parameter arguments: The words after the program's name.
    public static func run(_ arguments: [String]) -> Never {
        let invocation = Invocation(arguments)
        // Asked before the loop opens /dev/null in place of closed descriptors.
        let hasOutput = fcntl(STDOUT_FILENO, F_GETFD) != -1
        PollLoop.runMain {
            let streams = Streams.standard(hasOutput: hasOutput)
            switch invocation {
            case .run(let command, let serverCommand):
                let context = CommandContext.system(streams, serverCommand: serverCommand)
                return await CommandRunner(context).run(command).code
            case .information(let text):
                streams.out(text)
                return (streams.reportOutputError() ?? .passed).code
            case .misuse(let misuse, let text):
                streams.error(text)
                streams.write(misuse, isShown: true)
                return Exit.misused.code
            }
        }
    }
}
