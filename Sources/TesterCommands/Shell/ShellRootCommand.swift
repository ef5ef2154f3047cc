import ArgumentParser

/// The command line within a shell session: the same commands, without a target.
struct ShellRootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        subcommands: [
            ListCommand.self, DescribeCommand.self, CallCommand.self, ValidateCommand.self, ReadCommand.self,
            PromptCommand.self, CompleteCommand.self, RawCommand.self, CapabilitiesCommand.self, SkillsCommand.self,
            TestCommand.self, RespondCommand.self, EventsCommand.self, StatusCommand.self, RestartCommand.self,
        ]
    )

    /// What a session itself does.
    static let ownWords: [(name: String, abstract: String)] = [
        ("help", "Show the commands, or the usage of one."),
        ("quit", "End the session, as Ctrl-D does."),
    ]

    /// The names of all commands.
    static var names: [String] {
        configuration.subcommands.compactMap { $0.configuration.commandName } + ownWords.map(\.name)
    }

    /// The command with a name.
    static func command(_ name: String) -> (any ParsableCommand.Type)? {
        configuration.subcommands.first { $0.configuration.commandName == name }
    }

    /// The options that a command has here.
    ///
    /// Those of the connection are given when the session begins.
    static func options(of name: String) -> [String] {
        let own =
            switch name {
            case "list": ["--tools", "--resources", "--templates", "--prompts"]
            case "call": ["--answer", "--answers", "--force", "--task"]
            case "read": ["--answer", "--answers"]
            case "prompt": ["--answer", "--answers", "--fill", "--llm", "--llm-config"]
            case "complete": ["--context", "--prompt", "--template"]
            case "raw": ["--bytes", "--dry-run"]
            case "skills": ["--directory"]
            case "test": ["--call", "--full"]
            case "events": ["--kind", "--last"]
            case "restart": ["--build", "--repeat-last", "--unwatch", "--watch"]
            default: [String]()
            }
        return own + ["--json"]
    }

    /// The usage of a command, without what only a command line has.
    static func usage(of command: any ParsableCommand.Type) -> String {
        let lines = (command.configuration.usage ?? "").split(separator: "\n").filter { !$0.contains("-- COMMAND") }
        return lines.map { adapted(String($0)) }.joined(separator: "\n")
    }

    /// A text about a command line as it reads within a session: without the program and the target.
    static func adapted(_ text: String) -> String {
        text.replacing("\(Program.name) ", with: "").replacing(" TARGET", with: "").replacing(" [options]", with: "")
    }
}
