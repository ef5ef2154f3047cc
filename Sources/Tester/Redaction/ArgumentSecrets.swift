import MCPHTTP

/// The secrets among the arguments of a program: after options such as `--api-key`, in `NAME=value`, headers and URLs.
struct ArgumentSecrets {
    /// The arguments as they may be shown.
    private(set) var shown: [String] = []
    /// The secrets in them.
    private(set) var secrets: [Secret] = []

    init(_ arguments: [String]) {
        var hidesNext = false
        var isHeaderNext = false
        for argument in arguments {
            if hidesNext, !argument.hasPrefix("--") {
                add(argument, .argument, to: argument)
            } else if isHeaderNext || Self.headerName(argument) != nil {
                addHeader(argument)
            } else {
                addWord(argument)
            }
            let isOption = argument.hasPrefix("-") && !argument.contains("=")
            hidesNext = isOption && SecretNames.isSecret(argument: argument)
            isHeaderNext = argument == "--header" || argument == "-H"
        }
    }

    private mutating func add(_ secret: String, _ kind: Secret.Kind, to argument: String) {
        secrets.append(Secret(secret, kind))
        shown.append(argument.replacing(secret, with: Redactor.placeholder(kind)))
    }

    private mutating func addWord(_ argument: String) {
        if let equals = argument.firstIndex(of: "="), equals != argument.startIndex {
            let name = String(argument[..<equals].drop { $0 == "-" })
            let value = String(argument[argument.index(after: equals)...])
            // A URL has its own rules.
            let isName = name.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
            if isName, !value.isEmpty, SecretNames.isSecret(argument: name) || SecretNames.isSecret(variable: name) {
                secrets.append(Secret(value, .argument))
                shown.append("\(argument[...equals])\(Redactor.placeholder(.argument))")
                return
            }
        }
        guard argument.contains("://") else { return shown.append(argument) }
        let found = URLSecrets.secrets(of: argument)
        secrets += found
        shown.append(Redactor(found, minimumLength: 1).redact(argument))
    }

    /// The name of a header with a credential, such as `Authorization: Bearer …`.
    private static func headerName(_ argument: String) -> Substring? {
        guard let colon = argument.firstIndex(of: ":"), !argument.contains("://") else { return nil }
        let name = argument[..<colon]
        return Redaction.isSecret(String(name)) && name.allSatisfy({ $0.isLetter || $0 == "-" || $0 == "_" })
            ? name : nil
    }

    private mutating func addHeader(_ argument: String) {
        guard let colon = argument.firstIndex(of: ":") else { return addWord(argument) }
        let value = String(argument[argument.index(after: colon)...].drop(while: \.isWhitespace))
        guard !value.isEmpty else { return shown.append(argument) }
        secrets += URLSecrets.secrets(ofHeader: String(argument[..<colon]), value)
        shown.append("\(argument[...colon]) \(Redactor.placeholder(.header))")
    }
}
