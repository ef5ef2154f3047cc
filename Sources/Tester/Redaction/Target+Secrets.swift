import MCPHTTP
import MCPHTTPClient
import Platform

extension Target {
    /// A text that should name a target, as reports show it: without passwords, tokens and arguments.
    public static func shown(_ text: String) -> String {
        let word = String(text.prefix { !$0.isWhitespace })
        let secrets = URLSecrets.secrets(of: word.contains("://") ? word : "x://\(word)")
        return Redactor(secrets, minimumLength: 1).redact(word)
    }

    /// The secrets with which the target is reached: of headers, URLs, variables and arguments.
    var secrets: [Secret] {
        switch kind {
        case .http(let endpoint):
            endpoint.headers.flatMap { URLSecrets.secrets(ofHeader: $0.name, $0.value) }
                + URLSecrets.secrets(of: endpoint.url) + configuredSecrets
        case .process(let process):
            Secret.inVariables(process.environment.map { ($0.key, $0.value) })
                + ArgumentSecrets(process.arguments).secrets + configuredSecrets
        }
    }
}

extension Secret {
    /// The secrets among variables: those with secret names, and passwords in URLs.
    static func inVariables(_ variables: some Sequence<(String, String)>) -> [Secret] {
        variables.flatMap { name, value in
            if SecretNames.isSecret(variable: name), !value.hasPrefix("/") { return [Secret(value, .env)] }
            return value.contains("://") ? URLSecrets.secrets(of: value) : []
        }
    }

    /// The secrets among the variables of this process, which targets inherit.
    static var inherited: [Secret] {
        guard let environment = processEnvironment() else { return [] }
        var secrets: [Secret] = []
        var index = 0
        while let entry = environment[index] {
            index += 1
            let text = String(cString: entry)
            guard let equals = text.firstIndex(of: "=") else { continue }
            secrets += inVariables([(String(text[..<equals]), String(text[text.index(after: equals)...]))])
        }
        return secrets
    }
}
