import JSON
import MCPClient
import MCPHTTPClient
import Tester

/// The lines of a suite that say how its server is reached.
struct ServerDraft {
    private(set) var lines: [String]
    /// The paths in them that other machines do not have.
    private(set) var machinePaths: [String] = []

    /// - Parameters:
    ///   - era: The era that was asked for; nil for the default.
    ///   - path: The file that the lines are for.
    ///   - directory: The folder that relative paths of the target start at.
    init(
        for target: Target,
        era: EraChoice?,
        savedTo path: String,
        from directory: String,
        _ secrets: inout SecretReferences
    ) {
        switch target.kind {
        case .http(let endpoint): lines = Self.lines(for: endpoint, &secrets)
        case .process(let process):
            guard process.arguments.first == "demo", target.name == "demo" else {
                lines = ["server:"]
                let paths = PortablePaths(of: ServerDefinition.folder(of: path), from: directory)
                add(target, process, paths, directory, &secrets)
                break
            }
            guard let era, era != .auto else {
                lines = ["server: demo"]
                return
            }
            lines = ["server:", "  target: demo"]
        }
        if let era, era != .auto { lines.append("  protocol: \(YAMLText.of(era.name))") }
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

    private mutating func add(
        _ target: Target,
        _ process: TargetProcess,
        _ paths: PortablePaths,
        _ directory: String,
        _ secrets: inout SecretReferences
    ) {
        var started = process.workingDirectory.map { ServerDefinition.absolute($0, in: directory) } ?? directory
        let isFile = process.choice != nil
        if isFile, target.name.hasPrefix("/"), process.workingDirectory == nil, paths.relative(started) == nil {
            // The file does not depend on where the tester happened to be.
            started = paths.folder
        }
        // The interpreter was chosen by the file, so it is chosen again.
        let words = isFile ? [paths.argument(target.name, in: started)] : paths.words(of: process, in: started)
        let cwd = paths.relative(started) ?? started
        machinePaths = (words + [cwd]).filter(paths.isOfThisMachine)
        if !machinePaths.isEmpty {
            lines.append(
                "  # Before this runs elsewhere, replace the paths of this machine by relative ones or variables."
            )
        }
        lines.append(
            isFile
                ? "  target: \(YAMLText.of(words[0]))"
                : "  command: [\(Self.quoted(words, &secrets).joined(separator: ", "))]"
        )
        if cwd != "." { lines.append("  cwd: \(YAMLText.of(cwd))") }
        if !process.environment.isEmpty {
            lines.append("  env:")
            for name in process.environment.keys.sorted() {
                lines.append("    \(name): \(secrets.reference(to: name))")
            }
        }
    }

    /// The words of a command as YAML; the values of secret options become references named after the options.
    private static func quoted(_ command: [String], _ secrets: inout SecretReferences) -> [String] {
        var words = [YAMLText.of(command[0])]
        var option = ""
        for argument in command.dropFirst() {
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
}
