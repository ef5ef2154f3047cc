import Tester

/// What a command line says of the connection to a target, with its warnings given.
struct TargetOpening {
    enum Outcome {
        /// How to connect.
        case request(TesterSession.ConnectRequest)
        /// The target cannot be started, which is a result of the test.
        case failure(Failure)
    }

    let outcome: Outcome
    /// Whether secrets are shown, because the user wants that at a terminal.
    let showsSecrets: Bool
    private let output: OutputOptions

    /// Resolves the target.
    ///
    /// Nothing is started yet.
    ///
    /// - Throws: ``Failure`` of the class `usage` for anything wrong with the command line.
    init(
        _ choice: TargetChoice,
        _ options: TargetOptions,
        input: InputOptions?,
        usesModel: Bool,
        _ output: OutputOptions,
        in context: CommandContext
    ) async throws(Failure) {
        self.output = output
        let streams = context.streams
        showsSecrets = output.showSecrets && streams.isTerminal
        let policy = try input?.policy() ?? InputPolicy()
        Self.warnOfIgnoredVariables(options, policy, usesModel: usesModel, in: context)
        try context.environment.model.check(policy)
        let target: Target
        do throws(Failure) {
            target = try await options.target(choice, in: context)
        } catch  where error.failureClass != .usage {
            // A file that does not exist is a result of the test, like a command that does not exist.
            outcome = .failure(error)
            return
        }
        if target.caution != nil {
            streams.error(
                "Warning: the server's certificate is not verified (--insecure). Anyone on the network path can read and "
                    + "change everything.\n"
            )
        }
        if showsSecrets {
            streams.showSecrets()
        } else if output.showSecrets {
            streams.error("Warning: --show-secrets was ignored: standard output is not a terminal.\n")
        }
        outcome = .request(TesterSession.ConnectRequest(target: target, policy: policy))
    }

    /// Shows why the target cannot be started.
    func show(in context: CommandContext) -> Exit {
        guard case .failure(let failure) = outcome else { return .passed }
        return context.show(Report(failure), as: output)
    }

    /// Warns of settings of this command that `.env` may not change.
    private static func warnOfIgnoredVariables(
        _ options: TargetOptions,
        _ policy: InputPolicy,
        usesModel: Bool,
        in context: CommandContext
    ) {
        var variables: [Environment.Variable] = []
        if !options.http.hasToken { variables.append(.authToken) }
        if policy.usesModel || usesModel { variables += [.modelURL, .modelName, .modelKey] }
        let problems = options.settings.envFile == nil ? [] : context.environment.problems
        for warning in problems + context.environment.ignoredVariables(variables) {
            context.streams.error("Warning: \(SafeText.escape(warning))\n")
        }
    }
}
