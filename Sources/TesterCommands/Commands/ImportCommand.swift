import ArgumentParser
import HostConfiguration
import Platform
import Suites
import Tester

/// Makes a suite of a file of another tool.
struct ImportCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a suite of a file that another tool tests servers with.",
        usage: "mcp-test-mcp import FILE [SUITE] [options]",
        discussion: """
            Reads suites of mcp-rig, collections of MCPSpec, and tests of mcp-server-tester. What cannot be carried over, or \
            means something slightly different, is named with its line. An existing file is not overwritten. Examples:
              mcp-test-mcp import collection.yaml
              mcp-test-mcp import tools.yaml server.suite.yaml --server 'node server.js'
            """
    )

    @Argument(help: ArgumentHelp("File to read.", valueName: "file"))
    var file: String

    @Argument(
        help: ArgumentHelp("Suite to write (default: the same name with the ending .suite.yaml).", valueName: "suite")
    )
    var suite: String?

    @Option(
        help: ArgumentHelp(
            "Format of the file (default: what its keys show).",
            valueName: "mcp-rig|mcpspec|mcp-server-tester"
        ),
        transform: ImportCommand.format
    )
    var from: ImportFormat?

    @Option(help: ArgumentHelp("Target of the suite, in place of the one in the file.", valueName: "target"))
    var server: String?

    @Option(
        help: ArgumentHelp("Environment whose variables are used (default: that of the collection).", valueName: "name")
    )
    var environment: String?

    private static func format(_ text: String) throws -> ImportFormat {
        guard let format = ImportFormat(rawValue: text) else {
            let names = ImportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("Unknown format \"\(text)\". Use one of \(names).")
        }
        return format
    }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let path = suite ?? Self.suitePath(for: file)
        guard access(path, F_OK) != 0 else {
            throw .usage("\(path) exists and was not overwritten.", nextStep: "Give the name of a new file.")
        }
        var options = SuiteImporter.Options()
        options.format = from
        options.server = server
        options.environment = environment
        let bytes = try await context.inputs.file(file)
        let imported: ImportedSuite
        do throws(SuiteProblem) {
            imported = try SuiteImporter.read(bytes, path: file, options)
        } catch {
            throw .usage("\(error)", nextStep: "Give a file of a known format, or name it with --from.")
        }
        do throws(FileProblem) {
            try ConfigurationFile.replace(path, with: Array(imported.text.utf8))
        } catch {
            throw .usage("\(path) was not written: \(error).", nextStep: "Give a path that can be written.")
        }
        for loss in imported.losses { context.streams.out("\(SafeText.escapeLine(loss.description))\n") }
        let cases = imported.caseCount == 1 ? "1 case" : "\(imported.caseCount) cases"
        let losses =
            imported.losses.isEmpty
            ? "everything was carried over" : "read the \(imported.losses.count == 1 ? "line" : "lines") above"
        context.streams.out("PASS: wrote \(cases) from \(imported.origin) to \(SafeText.escapeLine(path)); \(losses)\n")
        context.streams.out("Next step: \(Program.name) run \(RunCommand.quoted(path))\n")
        return .passed
    }

    private static func suitePath(for file: String) -> String {
        for ending in [".yaml", ".yml", ".json"] where file.hasSuffix(ending) {
            return file.dropLast(ending.count) + ".suite.yaml"
        }
        return file + ".suite.yaml"
    }
}
