import ArgumentParser
import JSON

/// What the command line accepts, as data: for the manual and for completions.
///
/// The library for parsing describes it as JSON, as `--experimental-dump-help` prints it.
struct CommandTable: Sendable {
    /// The program itself.
    let root: CommandDescription
    /// The commands, in the order of the help.
    let commands: [CommandDescription]

    /// The table of this program.
    static let shared = CommandTable(RootCommand._dumpHelp())

    init(_ dump: String) {
        let command = Self.parse(dump)["command"] ?? .null
        let usages = Dictionary(
            RootCommand.configuration.subcommands.map { ($0._commandName, $0.configuration.usage) },
            uniquingKeysWith: { first, _ in first }
        )
        root = CommandDescription(command, usage: RootCommand.configuration.usage)
        commands = (command["subcommands"]?.array ?? []).filter { $0["shouldDisplay"] != false }.map { command in
            let name = command["commandName"]?.string ?? ""
            return CommandDescription(command, usage: usages[name] ?? nil)
        }
    }

    /// The command with a name.
    subscript(name: String) -> CommandDescription? { commands.first { $0.name == name } }

    private static func parse(_ text: String) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            preconditionFailure("The description of the command line is not JSON: \(error)")
        }
    }
}

/// A command with its arguments.
struct CommandDescription: Sendable {
    let name: String
    let abstract: String
    let discussion: String
    /// How it is called, one form per line.
    let usage: String
    let arguments: [ArgumentDescription]

    fileprivate init(_ json: JSONValue, usage: String?) {
        name = json["commandName"]?.string ?? ""
        abstract = json["abstract"]?.string ?? ""
        discussion = json["discussion"]?.string ?? ""
        arguments = (json["arguments"]?.array ?? []).filter { $0["shouldDisplay"] != false }.map(
            ArgumentDescription.init
        )
        let isRoot = json["superCommands"]?.array?.isEmpty ?? true
        let positionals = arguments.filter { $0.kind == .positional }.map { "<\($0.valueName)>" }
        let words = (isRoot ? [] : [Program.name]) + [name] + positionals + ["[options]"]
        self.usage = usage ?? words.joined(separator: " ")
    }

    /// The words that stand for something by their position.
    var positionals: [ArgumentDescription] { arguments.filter { $0.kind == .positional } }
    /// Options and flags.
    var options: [ArgumentDescription] { arguments.filter { $0.kind != .positional } }

    /// The option or flag with a name such as `--json`.
    func option(_ name: String) -> ArgumentDescription? { options.first { $0.names.contains(name) } }
}

/// An argument, an option or a flag.
struct ArgumentDescription: Sendable, Hashable {
    enum Kind: String {
        case positional
        case option
        case flag
    }

    let kind: Kind
    /// The names with their dashes, such as `-v` and `--verbose`; none for a positional argument.
    let names: [String]
    let valueName: String
    let help: String
    /// The heading in the help; empty for arguments of the command alone.
    let section: String
    let isRepeating: Bool
    let defaultValue: String?
    /// All values that are allowed, if they are a closed list.
    let values: [String]

    fileprivate init(_ json: JSONValue) {
        kind = Kind(rawValue: json["kind"]?.string ?? "") ?? .positional
        names = (json["names"]?.array ?? []).map { name in
            (name["kind"] == "long" ? "--" : "-") + (name["name"]?.string ?? "")
        }
        valueName = json["valueName"]?.string ?? ""
        help = json["abstract"]?.string ?? ""
        section = json["sectionTitle"]?.string ?? ""
        isRepeating = json["isRepeating"]?.bool ?? false
        defaultValue = json["defaultValue"]?.string
        let listed = (json["allValues"]?.array ?? json["allValueStrings"]?.array ?? []).compactMap(\.string)
        // "wait|handle" lists the values as well.
        let parts = valueName.split(separator: "|").map(String.init)
        let isList = parts.count > 1 && parts.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" } }
        values = !listed.isEmpty ? listed : isList ? parts : []
    }
}
