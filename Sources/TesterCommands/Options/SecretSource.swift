import Tester

/// Where a secret is read from: never from the command line itself, which everybody on the machine can see.
struct SecretSource: Sendable {
    private let option: String
    private let text: String

    /// Creates a source from what was given to an option.
    init(_ text: String, option: String) {
        self.text = text
        self.option = option
    }

    /// Reads the secret from the file or the variable, without the space around it.
    ///
    /// - Throws: ``Failure`` of the class `usage`; it does not repeat what may be the secret.
    func read(in context: CommandContext) throws(Failure) -> String {
        if text.hasPrefix("@"), text.count > 1 { return try Self.file(String(text.dropFirst()), in: context) }
        if text.hasPrefix("env:") {
            let name = String(text.dropFirst(4))
            guard let value = context.environment.value(of: name) else {
                throw .usage(
                    "\(option) names the variable \(name), which is not set.",
                    nextStep: "Set it, or name a file: \(option) @FILE."
                )
            }
            return value
        }
        throw .usage(
            "\(option) was given a value itself, which everybody on this machine can see in the list of processes.",
            nextStep: "Put it into a file and write \(option) @FILE, or into a variable and write \(option) env:NAME."
        )
    }

    /// The content of a file, without the space around it.
    static func file(_ path: String, in context: CommandContext) throws(Failure) -> String {
        let text = String(decoding: try context.inputs.file(path), as: UTF8.self)
        var content = Substring(text).drop(while: \.isWhitespace)
        while content.last?.isWhitespace ?? false { content.removeLast() }
        return String(content)
    }
}
