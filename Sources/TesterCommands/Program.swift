import AsyncRuntime
import MCPStdio

/// The program as a whole: what it is called, and how it runs.
public enum Program {
    /// The name that people type and that servers are told.
    public static let name = "mcp-test-mcp"
    /// The version of the package.
    public static let version = "1.0.0"

    /// Runs one command line on the main thread and exits.
    ///
    /// - Parameter arguments: What follows the program's name.
    public static func run(_ arguments: [String]) -> Never {
        let invocation = Invocation(arguments)
        PollLoop.runMain {
            let streams = Streams.standard
            switch invocation {
            case .run(let command, let serverCommand):
                let context = CommandContext.system(streams, serverCommand: serverCommand)
                return await CommandRunner(context).run(command).code
            case .information(let text):
                streams.out(text)
                return Exit.passed.code
            case .misuse(let misuse, let text):
                streams.error(text)
                streams.error(misuse.line)
                return Exit.misused.code
            }
        }
    }
}
