import ArgumentParser
import Suites
import Tester

/// Prints a published schema.
struct SchemaCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a file format.",
        usage: "mcp-test-mcp schema suite",
        discussion: """
            An editor that knows the schema completes keys and marks mistakes. Write it next to the suites and name it in \
            their first line:
              mcp-test-mcp schema suite > suite.schema.json
              # yaml-language-server: $schema=suite.schema.json
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case suite
    }

    @Argument(help: ArgumentHelp("Format: suite.", valueName: "format"))
    var format: Format

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        switch format {
        case .suite: context.streams.out(SuiteSchema.text + "\n")
        }
        return .passed
    }
}
