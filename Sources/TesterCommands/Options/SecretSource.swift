import Tester

/// Where a secret is read from.
///
/// Never the command line itself, which other users of the machine can read.
struct SecretSource: Sendable {
    private let option: String
    private let text: String

    /// Creates a source from the value of an option: `@FILE` or `env:NAME`.
    init(_ text: String, option: String) {
        self.text = text
        self.option = option
    }

    /// Reads the secret, without surrounding white space.
    ///
    /// - Throws: ``Failure`` of the class `usage`; it does not repeat what may be the secret.
    func read(in context: CommandContext) async throws(Failure) -> String {
        if text.hasPrefix("@"), text.count > 1 { return try await Self.file(String(text.dropFirst()), in: context) }
        if text.hasPrefix("env:") {
            let name = String(text.dropFirst(4))
            guard let value = context.environment.value(of: name) else {
                throw .usage(
                    "\(option): the variable \(name) is not set.",
                    nextStep: context.environment.adviceToSet(name)
                )
            }
            return value
        }
        throw .usage(
            "\(option) does not accept the secret itself: other users of this machine could read it in the process list.",
            nextStep: "Put it into a file and write \(option) @FILE, or into a variable and write \(option) env:NAME."
        )
    }

    private static func file(_ path: String, in context: CommandContext) async throws(Failure) -> String {
        let text = String(decoding: try await context.inputs.file(path), as: UTF8.self)
        var content = Substring(text).drop(while: \.isWhitespace)
        while content.last?.isWhitespace ?? false { content.removeLast() }
        return String(content)
    }
}
