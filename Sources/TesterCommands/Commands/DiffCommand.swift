import ArgumentParser
import Tester

/// Compares what two servers, or two lock files, offer.
struct DiffCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare what two servers or lock files offer.",
        usage: "mcp-test-mcp diff OLD NEW [options]",
        discussion: """
            OLD and NEW are lock files (names that end in .json), lock files in a revision of git (REVISION:FILE), or \
            targets. Each difference is breaking, compatible or cosmetic, with the reason. Exits with 1 if one is not \
            allowed. Examples:
              mcp-test-mcp diff mcp-lock.json server.py
              mcp-test-mcp diff main:mcp-lock.json mcp-lock.json
              mcp-test-mcp diff old.py new.py --allow compatible
            """
    )

    @Argument(help: ArgumentHelp("Lock file or target before the changes.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("Lock file or target after the changes.", valueName: "new"))
    var new: String

    @Option(
        help: ArgumentHelp(
            "Heaviest changes that do not fail (default: none).",
            valueName: "cosmetic|compatible|breaking"
        ),
        transform: LockCommand.weight
    )
    var allow: ChangeWeight?

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var settingsSource: Environment.Source { options.settings.source }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        var settings = options.settings(in: context, showsWire: output.verbose)
        settings.authorization = try await options.authorization.authorization(in: context)
        let session = TesterSession(settings: settings, clock: context.clock)
        do throws(Failure) {
            let one = try await lock(old, "old", session, context)
            let two = try await lock(new, "new", session, context)
            var report = LockReport(from: one, to: two, allowing: allow, isLock: false).report
            report.redactor = session.redactor
            await session.close()
            return context.show(report, as: output)
        } catch {
            await session.close()
            throw error
        }
    }

    private func lock(
        _ word: String,
        _ name: String,
        _ session: TesterSession,
        _ context: CommandContext
    ) async throws(Failure) -> SurfaceLock {
        if word.hasSuffix(".json"), let file = RevisionedFile(word) {
            return try SurfaceLock(parsing: try await file.read(on: context.clock), name: word)
        }
        if word.hasSuffix(".json") { return try SurfaceLock(parsing: try await context.inputs.file(word), name: word) }
        let choice = TargetChoice(name: word == "demo" ? .demo : .path(word), rest: [])
        let target = try await options.target(choice, in: context)
        let report = await session.connect(.init(target: target, name: name))
        if let failure = report.failure { throw failure }
        return try await session.surfaceLock(on: name)
    }
}
