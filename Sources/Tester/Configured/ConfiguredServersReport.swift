import AsyncRuntime
import HostConfiguration
import JSON

extension TesterSession {
    /// Lists the servers in the configuration files of hosts; starts none.
    ///
    /// - Parameter config: A file to read instead of those of the known hosts.
    public func listConfiguredServers(config: String? = nil) -> Report {
        let began = clock.now
        var report = ConfiguredTargets(config: config, in: settings.surroundings()).report()
        report.add(
            "metadata",
            [
                "total_servers": report.members.first { $0.key == "servers" }?.value.count.map { JSONValue($0) } ?? 0,
                "request_time_ms": JSONValue(Evidence.rounded(began.duration(to: clock.now))),
            ]
        )
        return report
    }
}

extension Report.Part {
    /// The number of elements of an array.
    fileprivate var count: Int? {
        if case .value(let value) = self { value.array?.count } else { nil }
    }
}

extension ConfiguredTargets {
    /// The files and servers that were found.
    func report() -> Report {
        if let givenFile, scan.files.isEmpty {
            var report = Report(
                .usage("\(givenFile) does not exist.", nextStep: "Check the path of `config`."),
                emptyPayload: ("servers", [])
            )
            report.add("files", [])
            return report
        }
        var report = Report(.pass, summary)
        report.add("files", .array(scan.files.map { .object(json($0)) }))
        report.add("servers", .array(scan.servers.map { .object(json($0)) }))
        if scan.files.isEmpty {
            report.add(
                "looked_in",
                .array(scan.candidates.map { .string(surroundings.shortened($0.path)) })
            )
        }
        return report
    }

    private var summary: String {
        guard !scan.files.isEmpty else { return "no configuration file of a known host was found" }
        let count = scan.servers.count
        let problems = scan.servers.count { !self.problems(of: $0).isEmpty }
        let broken = scan.files.count { $0.fault != nil }
        var hosts: [String] = []
        for file in scan.files where !hosts.contains(file.hostName) { hosts.append(file.hostName) }
        let places = "\(scan.files.count) file\(scan.files.count == 1 ? "" : "s") (\(hosts.joined(separator: ", ")))"
        let trouble = problems == 0 ? "" : ", \(problems) with problems"
        let unread = broken == 0 ? "" : "; \(broken) file\(broken == 1 ? "" : "s") cannot be read"
        return "\(count) configured server\(count == 1 ? "" : "s") in \(places)\(trouble)\(unread)"
    }

    private func json(_ file: HostScan.File) -> JSONObject {
        var object: JSONObject = ["host": .string(file.hostID), "path": .string(surroundings.shortened(file.path))]
        if let scope = file.scope { object["scope"] = .string(scope.rawValue) }
        object["servers"] = JSONValue(file.count)
        if let fault = file.fault {
            object["error"] = .string(fault.message)
            if let place = fault.place {
                object["line"] = JSONValue(place.line)
                object["column"] = JSONValue(place.column)
            }
            if let excerpt = fault.excerpt { object["excerpt"] = .string(excerpt) }
        }
        return object
    }

    /// What may be shown of a server: references as they are written, names of variables and headers.
    private func json(_ server: ConfiguredServer) -> JSONObject {
        var object: JSONObject = [
            "name": .string(server.name), "host": .string(server.hostID), "source": .string(source(of: server)),
            "transport": .string(server.transport.rawValue),
        ]
        if let command = server.command {
            object["command"] = .string(command)
            if !server.arguments.isEmpty {
                object["args"] = .array(ArgumentSecrets(server.arguments).shown.map(JSONValue.string))
            }
        }
        if let url = server.url {
            object["url"] = .string(Redactor(URLSecrets.secrets(of: url), minimumLength: 1).redact(url))
        }
        let variables = server.environment.map(\.name) + server.forwardedVariables
        if !variables.isEmpty { object["env_names"] = .array(variables.map(JSONValue.string)) }
        let headers = server.headers.map(\.name) + server.variableHeaders.map(\.name)
        if !headers.isEmpty { object["header_names"] = .array(headers.map(JSONValue.string)) }
        if server.isDisabled { object["disabled"] = true }
        if let other = server.shadowedBy { object["replaced_by"] = .string(other) }
        let problems = problems(of: server)
        if !problems.isEmpty { object["problems"] = .array(problems.map(JSONValue.string)) }
        return object
    }

    private func problems(of server: ConfiguredServer) -> [String] {
        var problems = server.problems.map { "\($0.message) (\($0.place))" }
        guard !server.problems.contains(where: \.isFatal) else { return problems }
        let resolved = ResolvedServer(server, in: surroundings)
        problems += resolved.missing.map { "\($0.part): `\($0.reference)`: \($0.reason)" }
        problems += resolved.literal.map { "\($0.part): `\($0.reference)` stays as it is: \($0.reason)" }
        guard let command = resolved.command, resolved.missing.allSatisfy({ $0.part != "command" }) else {
            return problems
        }
        let search = CommandSearch(
            command,
            path: resolved.environment["PATH"] ?? surroundings.variable("PATH"),
            directory: resolved.workingDirectory ?? surroundings.directory
        )
        if !search.isFound {
            let advice = search.suggestion.map { "; did you mean `\($0)`?" } ?? ""
            problems.append("`\(command)` was not found\(advice)")
        }
        return problems
    }
}
