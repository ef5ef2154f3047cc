import ArgumentParser
import JSON
import MCP
import MCPClient
import Platform
import Suites
import Tester

/// Writes a first suite for a server.
struct InitCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first suite for a server, from what it lists.",
        usage: """
            mcp-test-mcp init TARGET [FILE] [options]
            mcp-test-mcp init [FILE] [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Lists tools, resources and prompts, and tries each read-only call, read and prompt once. The arguments come from \
            the schemas. What fails with them, and tools that are not declared read-only, are skipped until you have read \
            their cases. An existing file is not overwritten. \
            Examples:
              mcp-test-mcp init server.py server.suite.yaml
              mcp-test-mcp run server.suite.yaml
            """
    )

    @Argument(help: ArgumentHelp("Target, and the file to write (default: server.suite.yaml).", valueName: "target"))
    var words: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        let file = words.first ?? "server.suite.yaml"
        try TargetOptions.refuse(words.dropFirst(), after: "the file", in: context)
        guard access(file, F_OK) != 0 else {
            throw .usage("\(file) exists and was not overwritten.", nextStep: "Give the name of a new file.")
        }
        return { (session) throws(Failure) in
            guard let connection = session.connections.last else {
                throw .usage("Not connected.", nextStep: "Give a target.")
            }
            var draft = SuiteDraft(
                for: connection.target,
                era: connection.request.era,
                savedTo: file,
                session.redactor
            )
            var listings: [ListKind: Listing] = [:]
            let declared = connection.client.capabilities.json
            for kind in [ListKind.tools, .resources, .prompts] where declared[kind.capability] != nil {
                listings[kind] = await connection.client.list(kind)
            }
            await draft.add(listings, tryingOn: connection)
            try await SavedSuite.write(&draft, to: file)
            let count = draft.names.count
            let skipped = draft.skippedCount
            let cases = "\(count) case\(count == 1 ? "" : "s")\(skipped == 0 ? "" : " (\(skipped) skipped)")"
            var report = Report(.pass, "wrote \(cases) to \(file)")
            if let warning = draft.pathWarning { report.findings.append(Finding(.usage, warning)) }
            report.nextStep =
                "Read the cases, replace the example arguments, then run them with: \(Program.name) run \(RunCommand.quoted(file))"
            return report
        }
    }
}
