import MCPHTTPClient
import Platform
import Tester
import TextUtilities

/// The variables that settings come from: those of the process, then those of a settings file.
struct Environment: Sendable {
    private let process: @Sendable (_ name: String) -> String?
    private var file: File?
    /// Warnings about the settings file and its lines.
    private(set) var problems: [String] = []

    private struct File {
        let name: String
        let variables: [String: String]
        /// The user named the file, so that everything in it counts.
        let isTrusted: Bool

        subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
    }

    /// The settings file to read.
    enum Source: Equatable, Sendable {
        case none
        /// `.env` in the working directory, where it exists.
        ///
        /// A host may start us in a folder that someone else wrote, so that nothing in it may widen access or redirect
        /// a credential.
        case workingDirectory
        /// The file of `--env-file`.
        case file(String)
    }

    init(_ variables: [String: String]) {
        process = { variables[$0] }
    }

    private init(process: @escaping @Sendable (_ name: String) -> String?) {
        self.process = process
    }

    /// The variables of the process, without a settings file.
    static let system = Environment { name in getenv(name).map { String(cString: $0) } }

    /// Adds the variables of a settings file.
    ///
    /// - Throws: ``Failure`` of the class `usage` if the file of `--env-file` cannot be read.
    func reading(
        _ source: Source,
        with read: (_ path: String) throws(SettingsFile.Problem) -> [UInt8]
    ) throws(Failure) -> Environment {
        switch source {
        case .none: return self
        case .workingDirectory:
            do throws(SettingsFile.Problem) {
                return adding(try read(".env"), name: ".env", isTrusted: false)
            } catch {
                // A directory of that name is often a virtual environment of Python.
                guard error != .missing, error != .directory else { return self }
                var copy = self
                copy.problems.append("Ignored .env: \(error)")
                return copy
            }
        case .file(let path):
            do throws(SettingsFile.Problem) {
                return adding(try read(path), name: path, isTrusted: true)
            } catch {
                throw .usage(
                    "Could not read --env-file \(path): \(error).",
                    nextStep: "Give a regular file of at most 64 KiB with one NAME=value per line."
                )
            }
        }
    }

    private func adding(_ bytes: [UInt8], name: String, isTrusted: Bool) -> Environment {
        let content = DotEnv(String(decoding: bytes, as: UTF8.self), name: name)
        var copy = self
        copy.file = File(name: name, variables: content.variables, isTrusted: isTrusted)
        copy.problems += content.problems
        return copy
    }

    // MARK: - Values

    /// The value of a setting; an empty one counts as missing.
    subscript(variable: Variable) -> String? {
        if let value = processValue(of: variable.rawValue) { return value }
        guard let file, let value = file[variable.rawValue], accepts(variable, from: file) else { return nil }
        return value
    }

    /// The value of any variable, such as a proxy or one named by `env:NAME`; an empty one counts as missing.
    ///
    /// `.env` is not consulted: what these variables hold leaves this machine.
    func value(of name: String) -> String? {
        if let value = processValue(of: name) { return value }
        guard let file, file.isTrusted else { return nil }
        return file[name]
    }

    /// A variable that describes the terminal, which no file does.
    subscript(terminal name: String) -> String? {
        processValue(of: name)
    }

    private func processValue(of name: String) -> String? {
        process(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func accepts(_ variable: Variable, from file: File) -> Bool {
        if file.isTrusted { return true }
        return switch variable.scope {
        case .anyFile: true
        case .model: modelVariableOfProcess == nil
        case .trusted: false
        }
    }

    /// A variable of the model that the process sets: then none is taken from `.env`, which could send the key elsewhere.
    private var modelVariableOfProcess: Variable? {
        Variable.allCases.first { $0.scope == .model && processValue(of: $0.rawValue) != nil }
    }

    /// The value of a setting with where it comes from; nil if it is not set.
    func setting(_ variable: Variable) -> (value: String, source: String)? {
        guard let value = self[variable] else { return nil }
        let isOfProcess = processValue(of: variable.rawValue) != nil
        return (value, isOfProcess ? "the environment" : file?.name ?? "")
    }

    // MARK: - Warnings

    /// Warnings about variables that `.env` sets and that are not taken from there, one each.
    func ignoredVariables(_ variables: [Variable] = Variable.allCases) -> [String] {
        guard let file, !file.isTrusted else { return [] }
        return variables.compactMap { variable in
            let name = variable.rawValue
            guard file[name] != nil, processValue(of: name) == nil, !accepts(variable, from: file) else { return nil }
            let reason =
                if variable.scope == .model, let other = modelVariableOfProcess {
                    "\(other.rawValue) is set in the environment, and the two sources are never mixed"
                } else {
                    "it is accepted only from the command line or the environment"
                }
            return "Ignored \(name) in .env: \(reason). To use the whole file, pass --env-file .env"
        }
    }

    /// What to do about a variable that is not set.
    func adviceToSet(_ name: String) -> String {
        guard let file, !file.isTrusted, file[name] != nil else { return "Set it in the environment." }
        return "Values in .env are not used here. Set it in the environment, or pass --env-file .env."
    }
}

// MARK: - Settings

extension Environment {
    /// The bearer token for targets; nil if it is missing or invalid.
    var authToken: String? {
        self[.authToken].flatMap { isToken($0) ? $0 : nil }
    }

    /// The model that answers sampling requests if a policy says so.
    var model: ModelSettings {
        ModelSettings(
            url: self[.modelURL],
            name: self[.modelName],
            key: self[.modelKey],
            proxy: .reading { value(of: $0) }
        )
    }

    /// Whether each frame is logged to standard error.
    var logsFrames: Bool {
        ["1", "true", "yes", "on"].contains(self[.debug]?.lowercased())
    }

    /// What completions may do.
    enum Completion: String {
        /// Keep the names that servers list, and start a server if its names are not known.
        case full
        /// Use only names that are kept.
        case cached
        /// Keep no names.
        case off
    }

    /// What completions may do; an unknown value means the least.
    var completion: Completion {
        self[.completion].map { Completion(rawValue: $0.lowercased()) ?? .off } ?? .full
    }

    /// The connect timeout; nil if it is missing or invalid.
    var connectTimeout: Duration? {
        self[.connectTimeout].flatMap(Seconds.read).flatMap { $0 > .zero ? $0 : nil }
    }
}
