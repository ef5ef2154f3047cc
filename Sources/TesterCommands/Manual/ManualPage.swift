import HostConfiguration

/// The manual page, in roff with the macros of man(7).
struct ManualPage {
    private let table: CommandTable
    private var roff = RoffWriter()

    /// The page.
    var text: String { roff.text }

    init(_ table: CommandTable) {
        self.table = table
        roff.title(Program.name.uppercased(), date: Program.versionDate, source: "\(Program.name) \(Program.version)")
        roff.section("NAME")
        roff.raw("\(RoffWriter.escaped(Program.name)) \\- test servers of the Model Context Protocol")
        roff.section("SYNOPSIS")
        roff.code(table.root.usage)
        roff.section("DESCRIPTION")
        roff.text(table.root.abstract)
        roff.paragraph()
        roff.text(RootCommand.targetHelp)
        writeCommands()
        writeOptions()
        writeExitStatus()
        writeEnvironment()
        writeFiles()
        roff.section("EXAMPLES")
        roff.code(RootCommand.examples.joined(separator: "\n"))
    }

    private mutating func writeCommands() {
        roff.section("COMMANDS")
        for command in table.commands where command.name != "help" {
            roff.subsection(command.name)
            roff.code(command.usage)
            roff.text(command.abstract)
            for argument in command.positionals where !argument.help.isEmpty {
                roff.item([RoffWriter.italic(argument.valueName)], argument.help)
            }
            for option in command.options where option.section.isEmpty && !Self.isGeneral(option) { write(option) }
            if !command.discussion.isEmpty {
                roff.paragraph()
                roff.discussion(command.discussion)
            }
            let groups = Self.groups(of: command)
            if !groups.isEmpty {
                roff.paragraph()
                roff.text("Also takes: \(groups.map(Self.inSentence).joined(separator: ", ")) (see OPTIONS).")
            }
        }
    }

    private static func inSentence(_ title: String) -> String {
        let first = title.prefix { $0 != " " }
        return first == first.uppercased() ? title : title.prefix(1).lowercased() + title.dropFirst()
    }

    private static func groups(of command: CommandDescription) -> [String] {
        var groups: [String] = []
        for section in command.options.map(\.section) where !section.isEmpty && !groups.contains(section) {
            groups.append(section)
        }
        return groups
    }

    /// The groups of options that commands share, each once.
    private mutating func writeOptions() {
        roff.section("OPTIONS")
        roff.subsection("General options")
        for option in table.root.options where Self.isGeneral(option) { write(option) }
        var known: [String] = []
        for command in table.commands {
            for group in Self.groups(of: command) where !known.contains(group) {
                known.append(group)
                roff.subsection(group)
                for option in command.options where option.section == group { write(option) }
            }
        }
    }

    private static func isGeneral(_ option: ArgumentDescription) -> Bool {
        option.names.contains("--help") || option.names.contains("--version")
    }

    private mutating func write(_ option: ArgumentDescription) {
        let value = option.kind == .option ? " " + RoffWriter.italic(option.valueName) : ""
        let needsDefault = !option.help.contains("(default:")
        let ending = option.defaultValue.flatMap { needsDefault && !$0.isEmpty ? " (default: \($0))" : nil } ?? ""
        roff.item(option.names.map { RoffWriter.bold($0) + value }, option.help + ending)
    }

    private mutating func writeExitStatus() {
        roff.section("EXIT STATUS")
        for (code, meaning) in Exit.meanings {
            roff.item([RoffWriter.bold("\(code)")], "\(meaning).".capitalizedSentence)
        }
        roff.paragraph()
        roff.text("Each code but 0 comes with one line of JSON on standard error.")
    }

    private mutating func writeEnvironment() {
        roff.section("ENVIRONMENT")
        for variable in Environment.Variable.allCases {
            roff.item([RoffWriter.bold(variable.rawValue)], variable.help)
        }
        roff.item(
            [RoffWriter.bold("NO_COLOR"), RoffWriter.bold("CLICOLOR_FORCE")],
            "Colors are used at a terminal only. NO_COLOR prevents them, CLICOLOR_FORCE forces them."
        )
        roff.item(
            [RoffWriter.bold("HTTPS_PROXY"), RoffWriter.bold("HTTP_PROXY"), RoffWriter.bold("NO_PROXY")],
            "Proxies for servers that are reached by a URL, and for the model."
        )
        roff.item([RoffWriter.bold("XDG_CACHE_HOME")], "Folder of caches (default: ~/.cache).")
        roff.paragraph()
        roff.text(
            """
            The command line wins over the environment, and the environment over the file .env in the working directory, \
            from which only settings are read that cannot widen access. --env-file reads everything from a file.
            """
        )
    }

    private mutating func writeFiles() {
        roff.section("FILES")
        roff.item([RoffWriter.italic(".env")], "Settings, in the working directory.")
        roff.item(
            [RoffWriter.italic("~/.cache/mcp-test-mcp/")],
            "Names that servers have listed in the last five minutes, for completions. Only the user can read them."
        )
        // As Linux has them; macOS differs in folders only.
        let surroundings = HostSurroundings(home: "~", directory: ".") { _ in nil }
        for host in Host.all {
            roff.item(
                surroundings.files(of: host).map(RoffWriter.italic),
                "Servers that are configured in \(host.name)."
            )
        }
    }
}

extension String {
    /// The text with a capital letter at its beginning.
    fileprivate var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() }
}
