import MCPAuthServer

/// What the word at the cursor stands for.
struct CompletionSubject: Equatable {
    enum Kind: Equatable {
        case commands
        /// The options of a command, or of the default command without one.
        case options(command: String?)
        case values([String])
        case files
        case directories
        /// The command of the server, after `--`.
        case serverCommand
        case target
        case tools
        case prompts
        case resources
        case templates
        case arguments(of: String, isPrompt: Bool)
        case templateArguments(of: String)
        case hosts
        case faults
        case methods
        case protocols
        case nothing
    }

    var kind: Kind
    /// What stands before it in the same word, such as `--color=`.
    var prefix = ""
    /// The words that name the target and its options.
    var context: [String] = []

    /// Determines what is completed.
    ///
    /// - Parameters:
    ///   - words: The words after the program, without the one at the cursor.
    ///   - current: The word at the cursor.
    init(_ words: [String], current: String, in table: CommandTable = .shared) {
        guard let name = words.first, !name.hasPrefix("-") else {
            self.init(kind: current.hasPrefix("-") || !words.isEmpty ? .options(command: nil) : .commands)
            return
        }
        guard name != "help" else {
            self.init(kind: words.count == 1 ? .commands : .nothing)
            return
        }
        guard let command = table[name] else {
            self.init(kind: .nothing)
            return
        }
        self.init(command, Array(words.dropFirst()), current)
        context = context.isEmpty ? words : [name] + context
    }

    private init(kind: Kind) {
        self.kind = kind
    }

    private init(_ command: CommandDescription, _ words: [String], _ current: String) {
        var positionals: [String] = []
        var given: [String: String] = [:]
        var open: (option: ArgumentDescription, index: Int)?
        for (index, word) in words.enumerated() {
            if word == "--" {
                self.init(kind: .serverCommand)
                return
            }
            if let option = open?.option {
                given[option.names.last ?? ""] = word
                open = nil
            } else if word.hasPrefix("-"), word.count > 1 {
                if let option = command.option(word), option.kind == .option { open = (option, index) }
                given[word, default: ""] += ""
            } else {
                positionals.append(word)
            }
        }
        if let open {
            self.init(kind: Self.value(of: open.option))
            context = Array(words[..<open.index])
        } else if current.hasPrefix("--"), let sign = current.firstIndex(of: "="),
            let option = command.option(String(current[..<sign]))
        {
            self.init(kind: Self.value(of: option))
            prefix = String(current[...sign])
            context = words
        } else if current.hasPrefix("-") {
            self.init(kind: .options(command: command.name))
        } else {
            self.init(kind: Self.positional(command, positionals, given))
            context = words
            if case .arguments = kind, current.hasPrefix("@") { (kind, prefix) = (.files, "@") }
        }
    }

    // MARK: - Values

    private static func value(of option: ArgumentDescription) -> Kind {
        switch option.names.last ?? "" {
        case "--protocol", "--with-protocol": .protocols
        case "--call": .tools
        case "--prompt": .prompts
        case "--template": .templates
        case "--with": .target
        case "--fault": .faults
        case "--auth-fault": .values(AuthFault.allCases.map(\.rawValue))
        case "--transport" where option.values.isEmpty:
            .values(ServeSettings.Transport.allCases.map(\.rawValue))
        case _ where !option.values.isEmpty: .values(option.values)
        case _ where option.valueName == "file": .files
        case _ where option.valueName == "dir": .directories
        default: .nothing
        }
    }

    private static func positional(
        _ command: CommandDescription,
        _ words: [String],
        _ given: [String: String]
    ) -> Kind {
        let all = command.positionals
        guard let argument = words.count < all.count ? all[words.count] : all.last(where: \.isRepeating) else {
            return .nothing
        }
        // In most commands, a list of words only catches too many of them.
        let isFurther = words.count >= all.count && !(argument.valueName == "target" && command.name == "doctor")
        switch argument.valueName {
        case "target" where !isFurther: return .target
        case "tool" where !isFurther:
            if given["--resource"] != nil { return .resources }
            return given["--prompt"] != nil ? .prompts : .tools
        case "uri" where !isFurther: return .resources
        case "name" where !isFurther: return .prompts
        case "host": return .hosts
        case "shell": return .values(argument.values)
        case "method": return .methods
        case "argument" where command.name == "complete":
            if let prompt = given["--prompt"] {
                return words.count == 1 ? .arguments(of: prompt, isPrompt: true) : .nothing
            }
            if let uri = given["--template"], words.count == 1 { return .templateArguments(of: uri) }
            return .nothing
        case "argument" where words.count >= 2:
            return .arguments(of: words[1], isPrompt: command.name == "prompt" || given["--prompt"] != nil)
        default: return .nothing
        }
    }
}
