import ArgumentParser
import HostConfiguration
import JSON
import Platform
import Tester

/// Writes what a server offers to a file, or compares it with the file.
struct LockCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Write what a server offers to a lock file, or compare it with one.",
        usage: """
            mcp-test-mcp lock TARGET [--file FILE] [options]
            mcp-test-mcp lock TARGET --check [--allow WEIGHT] [options]
            """,
        discussion: """
            The file has the tools, resources, templates, prompts, skills, capabilities and instructions, sorted, and what \
            the definitions cost in tokens. With --check, each change is breaking, compatible or cosmetic, with the reason; \
            exits with 1 if one is not allowed.
            """
    )

    @Argument(help: .target)
    var words: [String] = []

    @Option(help: ArgumentHelp("Lock file (default: \(SurfaceLock.fileName)).", valueName: "file"))
    var file: String = SurfaceLock.fileName

    @Flag(help: "Compare with the lock file instead of writing it.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "Heaviest changes that do not fail with --check (default: none).",
            valueName: "cosmetic|compatible|breaking"
        ),
        transform: LockCommand.weight
    )
    var allow: ChangeWeight?

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    static func weight(_ text: String) throws -> ChangeWeight {
        guard let weight = ChangeWeight(rawValue: text) else {
            let names = ChangeWeight.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("Unknown weight \"\(text)\". Use one of \(names).")
        }
        return weight
    }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        try TargetOptions.refuse(words, after: "the target", in: context)
        if allow != nil, !check {
            throw .usage("--allow applies only with --check.", nextStep: "Add --check, or omit --allow.")
        }
        guard check else {
            return { [file] (session) throws(Failure) in
                let lock = try await session.surfaceLock()
                let text = JSONValue.object(lock.json).prettyPrinted + "\n"
                do throws(FileProblem) {
                    try ConfigurationFile.replace(file, with: Array(text.utf8))
                } catch {
                    throw .usage("Could not write \(file): \(error).", nextStep: "Give a path that can be written.")
                }
                let cost = lock.json["token_cost"]?["total"] ?? nil
                var report = Report(.pass, "wrote \(file); the definitions cost a model about \(cost) tokens")
                report.add("token_cost", cost)
                return report
            }
        }
        guard access(file, F_OK) == 0 else {
            let target = self.words.first.map(RunCommand.quoted) ?? "TARGET"
            let option = file == SurfaceLock.fileName ? "" : " --file \(RunCommand.quoted(file))"
            throw .usage(
                "The lock file \(file) does not exist.",
                nextStep: "Write it first: \(Program.name) lock \(target)\(option)"
            )
        }
        let old = try SurfaceLock(parsing: try await context.inputs.file(file), name: file)
        return { [allow] (session) throws(Failure) in
            LockReport(from: old, to: try await session.surfaceLock(), allowing: allow, isLock: true).report
        }
    }
}
