import HostConfiguration
import JSON
import MCPHTTP
import Tester

/// What `doctor` determines, step by step.
struct Examination {
    private let configured: ConfiguredTargets
    private let context: CommandContext
    private let surroundings: HostSurroundings
    /// What prevents something from working, with what it is about.
    private var problems: [(about: String, problem: StartPreview.Problem)] = []
    /// What is worth knowing, but prevents nothing.
    private var notes: [String] = []
    private var members: [(key: String, value: JSONValue)] = []

    init(_ configured: ConfiguredTargets, in context: CommandContext, _ surroundings: HostSurroundings) {
        self.configured = configured
        self.context = context
        self.surroundings = surroundings
    }

    /// The report, with the problems first.
    var report: Report {
        var report: Report
        if let first = problems.first {
            let count = problems.count == 1 ? "" : " (the first of \(problems.count) problems)"
            var failure = Failure(
                .spawn,
                .executionError,
                "\(first.about): \(first.problem.message)",
                nextStep: first.problem.fix
            )
            failure.outcome = .fail
            report = Report(failure, context: count)
        } else {
            report = Report(.pass, "nothing is wrong with the installation and what is configured")
        }
        report.add(
            "problems",
            .array(
                problems.map { about, problem in
                    ["about": .string(about), "message": .string(problem.message), "fix": .string(problem.fix)]
                }
            )
        )
        report.add("notes", .array(notes.map(JSONValue.string)))
        for member in members { report.add(member.key, member.value) }
        return report
    }

    private func search(_ command: String) -> CommandSearch {
        CommandSearch(command, path: surroundings.variable("PATH"), directory: surroundings.directory)
    }

    // MARK: - The program

    mutating func examineProgram() {
        let found = search(Program.name).path
        members.append(
            (
                "program",
                [
                    "version": .string(Program.version), "path": .string(context.executable),
                    "in_path": found.map(JSONValue.string) ?? nil,
                ]
            )
        )
        if found == nil {
            notes.append(
                "\(Program.name) is not in PATH: hosts and shells need its full path, which `\(Program.name) install HOST` "
                    + "writes."
            )
        }
    }

    // MARK: - Interpreters

    private static let interpreters = [
        "python3", "uv", "uvx", "node", "npx", "deno", "bun", "docker", "dotnet", "java",
    ]

    mutating func examineInterpreters() async {
        let found = Self.interpreters.map { ($0, search($0).path) }
        let clock = context.clock
        let versions = await withTaskGroup(of: (String, String?).self) { group in
            for case (let name, let path?) in found {
                group.addTask { (name, await ProgramVersion.of(path, on: clock)) }
            }
            return await group.reduce(into: [String: String]()) { $0[$1.0] = $1.1 }
        }
        let list: [JSONValue] = found.map { name, path in
            [
                "name": .string(name), "path": path.map(JSONValue.string) ?? nil,
                "version": versions[name].map(JSONValue.string) ?? nil,
            ]
        }
        members.append(("interpreters", .array(list)))
    }

    // MARK: - Hosts

    mutating func examineHosts() {
        var list: [JSONValue] = []
        for host in Host.all {
            let files = configured.files(of: host)
            let program = host.program.flatMap { search($0).path }
            var object: JSONObject = [
                "host": .string(host.id), "name": .string(host.name),
                "found": .bool(!files.isEmpty || program != nil), "program": program.map(JSONValue.string) ?? nil,
                "files": .array(files.map(JSONValue.string)),
            ]
            let entries = configured.entries(of: Program.name, in: host)
            object["entries"] = .array(
                entries.map { server, source in
                    let command = server.command ?? ""
                    let path = search(command).path
                    if path == nil {
                        // Its preview names the same problem.
                    } else if !command.contains("/"), !host.readsShellPath {
                        notes.append(
                            "\(host.name) may not find `\(command)`, because it does not use the PATH of your shell; "
                                + "`\(Program.name) install \(host.id)` writes the full path."
                        )
                    }
                    return [
                        "name": .string(server.name), "source": .string(source), "command": .string(command),
                        "exists": .bool(path != nil),
                    ]
                }
            )
            list.append(.object(object))
        }
        members.append(("hosts", .array(list)))
        for file in configured.brokenFiles {
            let problem = StartPreview.Problem(
                "\(file.place): \(file.message).",
                fix: "Correct the file: \(file.hostName) cannot read it either."
            )
            problems.append((file.hostName, problem))
        }
    }

    // MARK: - Settings

    mutating func examineSettings() {
        let list = Environment.Variable.allCases.compactMap { variable -> JSONValue? in
            guard let setting = context.environment.setting(variable) else { return nil }
            let value =
                variable.isSecret
                ? "(secret)" : variable == .modelURL ? Redaction.reference(setting.value) : setting.value
            return ["name": .string(variable.rawValue), "value": .string(value), "source": .string(setting.source)]
        }
        members.append(("settings", .array(list)))
        notes += context.environment.problems + context.environment.ignoredVariables()
    }

    // MARK: - Targets

    mutating func examine(_ previews: [StartPreview]) {
        let list: [JSONValue] = previews.map { preview in
            for problem in preview.problems { problems.append((preview.name, problem)) }
            var object: JSONObject = ["name": .string(preview.name)]
            object.members += preview.facts.members.filter { $0.key != "name" }
            return .object(object)
        }
        members.append(("targets", .array(list)))
    }
}
