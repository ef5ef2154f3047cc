import ArgumentParser
import MCPAuth
import MCPAuthServer
import MCPHTTPClient
import Tester

/// Audits what a server accepts although it must not.
struct AuthAuditCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Check whether a server really verifies tokens.",
        usage: "mcp-test-mcp auth audit URL [options]",
        discussion: """
            Sends tokens that are wrong in one way each, and reports which of them the server accepts. With the token of a \
            login or of --auth-token, only forgeries can be sent. For all checks, let the server trust an issuer of test \
            tokens, for this audit only:
              mcp-test-mcp auth audit http://127.0.0.1:8000/mcp --issuer-port 9000 --issuer-key key.pem
            With the same key in each run, a server that keeps keys accepts the next run, too. Only requests that read are \
            sent, at most 60.
            """
    )

    @Argument(help: .loginURL)
    var url: String

    @Option(
        help: ArgumentHelp("Bearer token of another user, from a file or a variable.", valueName: "@file|env:name")
    )
    var otherToken: String?

    @Flag(help: "Revoke the token at its authorization server at the end, and check that the server refuses it.")
    var revoke = false

    @OptionGroup(title: "Issuer of test tokens")
    var issuer: AuditIssuerOptions

    @OptionGroup(title: "HTTP options")
    var http: HTTPTargetOptions

    @OptionGroup(title: "Authorization options")
    var authorization: AuthorizationOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        var endpoint = try http.endpoint(in: context)
        endpoint.url = url
        let target = try Target(endpoint)
        if issuer.isUsed, revoke || otherToken != nil || http.hasToken {
            throw .usage(
                "An issuer of test tokens excludes --auth-token, --other-token and --revoke.",
                nextStep: "Give the token, or the issuer."
            )
        }
        guard issuer.isUsed else {
            return try await audit(target, try await givenTokens(target, in: context), in: context)
        }
        let running = try await issuer.start(for: url, in: context)
        let result: Result<Exit, Failure>
        do throws(Failure) {
            let tokens = try AuditTokens(of: issuer.audited(running, for: url))
            result = .success(try await audit(target, tokens, in: context))
        } catch {
            result = .failure(error)
        }
        await running.stop()
        return try result.get()
    }

    private func audit(_ target: Target, _ tokens: AuditTokens, in context: CommandContext) async throws(Failure)
        -> Exit
    {
        let audit = AuthAudit(of: target, tokens, for: .person, clock: context.clock, now: CommandContext.secondsNow)
        return context.show(try await audit.run(), as: output)
    }

    private func givenTokens(_ target: Target, in context: CommandContext) async throws(Failure) -> AuditTokens {
        var other: String?
        if let otherToken {
            other = try await SecretSource(otherToken, option: "--other-token").read(in: context)
        }
        let token = try await http.token(in: context)
        return try await AuditTokens(
            of: target,
            given: token ?? context.environment.authToken,
            other: other,
            try await authorization.authorization(in: context),
            revokes: revoke,
            for: .person,
            clock: context.clock
        )
    }
}
