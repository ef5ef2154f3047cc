import MCPHTTPClient
import Tester

/// Which target a command line names, and the words that are left for the command.
struct TargetChoice {
    /// The ways to name a target.
    enum Named: Hashable {
        /// The built-in server.
        case demo
        /// A server's URL or file.
        case path(String)
        /// What stands after `--`.
        case command([String])
    }

    let named: Named
    let rest: [String]
}

extension TargetOptions {
    /// Takes the target from the words, unless a command stands after `--`.
    static func choice(_ words: [String], in context: CommandContext) throws(Failure) -> TargetChoice {
        if let command = context.serverCommand {
            guard !command.isEmpty else {
                throw .usage("Nothing stands after --.", nextStep: "Give the command that starts the server there.")
            }
            return TargetChoice(named: .command(command), rest: words)
        }
        guard let first = words.first else {
            throw .usage(
                "No target is given.",
                nextStep:
                    "Name a server's URL or file, or \"demo\" for the built-in one, or its command after --, as in: "
                    + "\(Program.name) test -- uv run server.py"
            )
        }
        return TargetChoice(named: first == "demo" ? .demo : .path(first), rest: Array(words.dropFirst()))
    }

    /// The target as it will be reached.
    func target(_ choice: TargetChoice, in context: CommandContext) throws(Failure) -> Target {
        switch choice.named {
        case .demo:
            try http.refuseForProcess()
            return try TargetResolver(executable: context.executable).resolve(
                "demo",
                environment: try variables(),
                workingDirectory: cwd
            )
        case .path(let url) where TargetResolver.isURL(url): return try target(url: url, in: context)
        case .path(let path):
            try http.refuseForProcess()
            // As with any command, a relative path begins where the user stands; the server starts in --cwd.
            var target = try TargetResolver().resolve(path, environment: try variables())
            if case .process(var process) = target.kind {
                process.workingDirectory = cwd
                target.kind = .process(process)
            }
            return target
        case .command(let words):
            try http.refuseForProcess()
            return Target(
                command: words[0],
                arguments: Array(words.dropFirst()),
                environment: try variables(),
                workingDirectory: cwd
            )
        }
    }

    private func target(url: String, in context: CommandContext) throws(Failure) -> Target {
        if !env.isEmpty || cwd != nil {
            throw .usage(
                "\(env.isEmpty ? "--cwd" : "--env") has a meaning only for a target that is started.",
                nextStep: "Leave it out: the server at that URL runs already."
            )
        }
        var target = try TargetResolver().resolve(url, endpoint: try http.endpoint(in: context))
        if let token = try http.token(in: context) {
            if target.endpoint?.headers.contains(where: \.isAuthorization) == true {
                throw .usage(
                    "Both --auth-token and a header Authorization are given.",
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
                throw .usage("--env \(word) has no name and \"=\".", nextStep: "Write --env NAME=VALUE.")
            }
            variables[String(word[..<equals])] = String(word[word.index(after: equals)...])
        }
        return variables
    }

    /// Refuses words that a command has no use for.
    static func refuse(
        _ words: some Collection<String>,
        after what: String,
        in context: CommandContext
    ) throws(Failure) {
        guard let word = words.first else { return }
        let advice =
            context.serverCommand == nil
            ? "A command with arguments stands after --, as in: \(Program.name) list -- python server.py"
            : "The target is the command after --; before it only this command's own words may stand."
        throw .usage("There is nothing to do with \"\(word)\", which stands after \(what).", nextStep: advice)
    }
}
