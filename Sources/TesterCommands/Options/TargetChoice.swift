import MCPHTTPClient
import Tester

/// The target that a command line names, and the words left for the command.
struct TargetChoice {
    enum Name: Hashable {
        /// The built-in server.
        case demo
        /// A server's URL, file or quoted command.
        case path(String)
        /// A server of a configuration file; nil for the only one in it.
        case configured(String?)
        /// The words after `--`.
        case command([String])
    }

    let name: Name
    let rest: [String]
}

extension TargetOptions {
    /// Takes the target from the first word, unless a command follows `--`.
    static func choice(_ words: [String], in context: CommandContext) throws(Failure) -> TargetChoice {
        if let command = context.serverCommand {
            guard !command.isEmpty else {
                throw .usage("Missing command after --.", nextStep: "Give the command that starts the server there.")
            }
            return TargetChoice(name: .command(command), rest: words)
        }
        guard let first = words.first else {
            throw .usage(
                "Missing target.",
                nextStep: "Give a URL, a file, \"demo\" or a command after --, as in: "
                    + "\(Program.name) test -- uv run server.py"
            )
        }
        let rest = Array(words.dropFirst())
        if first.hasPrefix("@") {
            return TargetChoice(name: .configured(first.count > 1 ? String(first.dropFirst()) : nil), rest: rest)
        }
        return TargetChoice(name: first == "demo" ? .demo : .path(first), rest: rest)
    }

    /// The target as it will be reached.
    func target(_ choice: TargetChoice, in context: CommandContext) async throws(Failure) -> Target {
        if config != nil, case .configured = choice.name {
        } else if config != nil {
            throw .usage(
                "--config applies only to a configured server.",
                nextStep: "Name the server as @NAME, or write @ for the only one in the file."
            )
        }
        switch choice.name {
        case .configured(let name): return try await configured(name, in: context)
        case .demo:
            try http.refuseForProcess(authorization)
            return try TargetResolver(executable: context.executable).resolve(
                "demo",
                environment: try variables(),
                workingDirectory: cwd
            )
        case .path(let url) where TargetResolver.isURL(url): return try await target(url: url, in: context)
        case .path(let path):
            try http.refuseForProcess(authorization)
            // As in a shell, the path is relative to our working directory; the server starts in --cwd.
            let variables = try variables()
            var target = try await offLoop { () throws(Failure) in
                try TargetResolver().resolve(path, environment: variables)
            }
            if case .process(var process) = target.kind {
                process.workingDirectory = cwd
                target.kind = .process(process)
            }
            return target
        case .command(let words):
            try http.refuseForProcess(authorization)
            return Target(
                command: words[0],
                arguments: Array(words.dropFirst()),
                environment: try variables(),
                workingDirectory: cwd
            )
        }
    }

    private func configured(_ name: String?, in context: CommandContext) async throws(Failure) -> Target {
        let token = try await http.token(in: context)
        let replacements = ConfiguredTargets.Replacements(
            environment: try variables(),
            workingDirectory: cwd,
            endpoint: try http.endpoint(in: context),
            hasToken: token != nil
        )
        let choice = try ConfiguredTargets(config: config, in: context.surroundings())
            .target(name, replacing: replacements)
        var target = choice.target
        if target.process != nil {
            try http.refuseForProcess(authorization)
        } else {
            try refuseForURL()
            if let token { target.authorize(bearer: token) }
        }
        for finding in choice.findings { context.streams.error("Warning: \(SafeText.escape(finding.message))\n") }
        return target
    }

    private func refuseForURL() throws(Failure) {
        guard !env.isEmpty || cwd != nil else { return }
        throw .usage(
            "\(env.isEmpty ? "--cwd" : "--env") applies only to a target that is started as a command.",
            nextStep: "Omit it: the server at that URL is already running."
        )
    }

    private func target(url: String, in context: CommandContext) async throws(Failure) -> Target {
        try refuseForURL()
        var target = try TargetResolver().resolve(url, endpoint: try http.endpoint(in: context))
        if let token = try await http.token(in: context) {
            if target.endpoint?.headers.contains(where: \.isAuthorization) == true {
                throw .usage(
                    "--auth-token and an Authorization header exclude each other.",
                    nextStep: "Give one of them."
                )
            }
            target.authorize(bearer: token)
        }
        return target
    }

    private func variables() throws(Failure) -> [String: String] {
        var variables: [String: String] = [:]
        for word in env {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw .usage("An --env argument is not NAME=VALUE.", nextStep: "Write --env NAME=VALUE.")
            }
            variables[String(word[..<equals])] = String(word[word.index(after: equals)...])
        }
        return variables
    }

    /// Refuses words that a command does not use.
    static func refuse(
        _ words: some Collection<String>,
        after place: String,
        in context: CommandContext
    ) throws(Failure) {
        guard let word = words.first else { return }
        let shown = ArgumentRedaction.shown(word)
        if context.keepsConnection {
            throw .usage(
                "Unexpected argument \"\(shown)\".",
                nextStep: "The session has its server. Options begin with --, and help COMMAND shows them."
            )
        }
        let advice =
            context.serverCommand == nil
            ? "A command with arguments goes after --, as in: \(Program.name) list -- python server.py"
            : "The command after -- is the target. Only the command's own arguments go before it."
        throw .usage("Unexpected argument \"\(shown)\" after \(place).", nextStep: advice)
    }
}
