import ArgumentParser
import Tester

/// Lists and verifies the skills of a target.
struct SkillsCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "skills",
        abstract: "List a server's skills, verify one, or read a directory.",
        usage: """
            mcp-test-mcp skills TARGET [URI] [--directory] [options]
            mcp-test-mcp skills [URI] [--directory] [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            With the URI of a SKILL.md, reads all files of the skill and checks digests, sizes, frontmatter and paths.
            """
    )

    @Argument(help: .target)
    var target: String?

    @Argument(help: ArgumentHelp("URI of a SKILL.md, or of a directory with --directory.", valueName: "uri"))
    var uri: [String] = []

    @Flag(help: "List the children of a directory.")
    var directory = false

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var words: [String] { [target].compactMap(\.self) + uri }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        try TargetOptions.refuse(words.dropFirst(), after: "the URI", in: context)
        guard let uri = words.first else {
            guard !directory else {
                throw .usage("Missing directory URI.", nextStep: "Give the URI of a directory, such as skill://name.")
            }
            return { await $0.listSkills() }
        }
        return { [directory] in directory ? await $0.readDirectory(uri) : await $0.getSkill(uri) }
    }
}
