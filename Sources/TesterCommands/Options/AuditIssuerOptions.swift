import ArgumentParser
import MCPAuth
import MCPAuthServer
import Tester

/// The options for an issuer of test tokens that the audited server trusts.
struct AuditIssuerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Serve an issuer of test tokens at http://127.0.0.1:PORT during the audit (0 selects a free port).",
            valueName: "port"
        )
    )
    var issuerPort: UInt16?

    @Option(
        help: ArgumentHelp(
            "Issuer that test tokens name (default: http://127.0.0.1:PORT). Without --issuer-port, give --issuer-key.",
            valueName: "url"
        )
    )
    var issuerUrl: String?

    @Option(
        help: ArgumentHelp(
            "PEM file with the private key that signs test tokens (default: a new key each time).",
            valueName: "file"
        )
    )
    var issuerKey: String?

    @Option(help: ArgumentHelp("Audience of test tokens (default: the URL of the server).", valueName: "text"))
    var issuerAudience: String?

    @Option(help: ArgumentHelp("Scopes of test tokens, with spaces.", valueName: "scopes"))
    var issuerScope: String?

    /// Whether an issuer is used.
    var isUsed: Bool { issuerPort != nil || issuerUrl != nil || issuerKey != nil }

    /// Starts the issuer, and says what the server must trust.
    ///
    /// - Parameter server: The URL of the audited server.
    /// - Throws: ``Failure``, for example if the port is in use.
    func start(for server: String, in context: CommandContext) async throws(Failure) -> TestIssuer {
        var settings = TestIssuer.Settings(
            port: issuerPort.map(Int.init),
            url: issuerUrl,
            key: nil,
            audience: issuerAudience ?? server,
            scopes: ScopeSet(parsing: issuerScope ?? "")
        )
        if let issuerKey { settings.key = String(decoding: try await context.inputs.file(issuerKey), as: UTF8.self) }
        let issuer: TestIssuer
        do throws(TestIssuer.Fault) {
            issuer = try await TestIssuer.start(settings, scheduler: context.clock, now: CommandContext.secondsNow)
        } catch {
            throw Self.failure(error)
        }
        if let keys = issuer.keysURL {
            context.streams.error(
                """
                The issuer of test tokens is \(SafeText.escapeLine(issuer.mint.issuer)). Its keys are at
                  \(keys)
                Let the server trust it, with the audience \(SafeText.escapeLine(settings.audience)), for this audit only.

                """
            )
        }
        return issuer
    }

    /// The issuer as the audit uses it.
    func audited(_ issuer: TestIssuer, for server: String) -> AuditIssuer {
        AuditIssuer(
            mint: issuer.mint,
            audience: issuerAudience ?? server,
            scopes: ScopeSet(parsing: issuerScope ?? "")
        )
    }

    private static func failure(_ fault: TestIssuer.Fault) -> Failure {
        switch fault {
        case .incomplete:
            .usage(
                "--issuer-url and --issuer-key require each other if --issuer-port is omitted.",
                nextStep: "Add the missing one, or --issuer-port."
            )
        case .key(let failure): .usage("--issuer-key: \(failure.message).", nextStep: failure.advice ?? "")
        case .port(let port, let reason):
            Failure(
                .transport,
                .transportError,
                "The issuer could not be served on port \(port): \(reason)",
                nextStep: "Choose another --issuer-port, or stop the program that uses it."
            )
        }
    }
}
