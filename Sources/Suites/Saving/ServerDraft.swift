import JSON
import MCPClient
import MCPHTTPClient
import Tester

/// The lines of a suite that say how its server is reached.
enum ServerDraft {
    /// - Parameters:
    ///   - era: The era that was asked for; nil for the default.
    ///   - path: The file that the lines are for.
    ///   - directory: The folder that relative paths of the target start at.
    static func lines(
        for target: Target,
        era: EraChoice?,
        savedTo path: String,
        from directory: String,
        _ secrets: inout SecretReferences
    ) -> [String] {
        var lines: [String]
        switch target.kind {
        case .http(let endpoint): lines = self.lines(for: endpoint, &secrets)
        case .process(let process):
            let isDemo = process.arguments.first == "demo" && target.name == "demo"
            if isDemo, era == nil || era == .auto { return ["server: demo"] }
            lines =
                isDemo ? ["server:", "  target: demo"] : self.lines(for: target, process, path, directory, &secrets)
        }
        if let era, era != .auto { lines.append("  protocol: \(YAMLText.of(era.name))") }
        return lines
    }

    private static func lines(for endpoint: HTTPEndpoint, _ secrets: inout SecretReferences) -> [String] {
        var lines = ["server:", "  url: \(secrets.text(of: .string(endpoint.url), key: "url"))"]
        if endpoint.transport != .auto { lines.append("  transport: \(endpoint.transport.rawValue)") }
        if !endpoint.headers.isEmpty {
            lines.append("  headers:")
            for header in endpoint.headers {
                lines.append("    \(YAMLText.of(header.name)): \(secrets.reference(to: header.name))")
            }
        }
        return lines
    }

    private static func lines(
        for target: Target,
        _ process: TargetProcess,
        _ path: String,
        _ directory: String,
        _ secrets: inout SecretReferences
    ) -> [String] {
        var lines = ["server:"]
        // The interpreter was chosen by the file, so a relative path works everywhere.
        if process.choice != nil, !target.name.hasPrefix("/") {
            lines.append("  target: \(YAMLText.of(target.name))")
        } else {
            let words = words(of: process, &secrets)
            lines.append("  command: [\(words.joined(separator: ", "))]")
        }
        let folder = ServerDefinition.folder(of: path)
        let started = process.workingDirectory.map { ServerDefinition.absolute($0, in: directory) } ?? directory
        if let given = relation(of: started, to: folder) { lines.append("  cwd: \(YAMLText.of(given))") }
        if !process.environment.isEmpty {
            lines.append("  env:")
            for name in process.environment.keys.sorted() {
                lines.append("    \(name): \(secrets.reference(to: name))")
            }
        }
        return lines
    }

    /// The words of the command; the values of secret options become references named after the options.
    private static func words(of process: TargetProcess, _ secrets: inout SecretReferences) -> [String] {
        var words = [YAMLText.of(process.command)]
        var option = ""
        for argument in process.arguments {
            if argument.hasPrefix("-"), let equals = argument.firstIndex(of: "="), secrets.hasSecret(argument) {
                let value = String(argument[argument.index(after: equals)...])
                let name = String(argument[..<equals])
                words.append(secrets.text("\(name)=", endingIn: value, key: name))
            } else {
                words.append(secrets.text(of: .string(argument), key: option))
            }
            option = argument.hasPrefix("-") ? argument : ""
        }
        return words
    }

    /// How a directory is named from a folder; nil if they are the same.
    private static func relation(of directory: String, to folder: String) -> String? {
        let here = directory.split(separator: "/").filter { $0 != "." }
        let there = folder.split(separator: "/").filter { $0 != "." }
        guard here != there else { return nil }
        guard !(here + there).contains("..") else { return directory }
        if here.starts(with: there) { return here.dropFirst(there.count).joined(separator: "/") }
        if there.starts(with: here) {
            return Array(repeating: "..", count: there.count - here.count).joined(separator: "/")
        }
        return directory
    }
}
