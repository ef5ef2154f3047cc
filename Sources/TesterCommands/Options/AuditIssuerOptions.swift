import ArgumentParser
import MCPAuth
import MCPAuthServer
import MCPHTTP
import MCPHTTPServer
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

    /// An issuer, and the server that publishes its keys while it is needed.
    struct Running {
        let issuer: AuditIssuer
        let server: SiteServer?
    }

    /// Whether an issuer is used.
    var isUsed: Bool { issuerPort != nil || issuerUrl != nil || issuerKey != nil }

    /// Starts the issuer.
    ///
    /// - Parameter server: The URL of the audited server.
    /// - Throws: ``Failure``, for example if the port is in use.
    func start(for server: String, in context: CommandContext) async throws(Failure) -> Running {
        guard issuerPort != nil || issuerUrl != nil && issuerKey != nil else {
            throw .usage(
                "--issuer-url and --issuer-key require each other if --issuer-port is omitted.",
                nextStep: "Add the missing one, or --issuer-port."
            )
        }
        let audience = issuerAudience ?? server
        let scopes = ScopeSet(parsing: issuerScope ?? "")
        var key = SigningKey.generate()
        if let issuerKey {
            key = SigningKey(pem: String(decoding: try await context.inputs.file(issuerKey), as: UTF8.self))
        }
        do throws(AuthFailure) {
            key = try key.identified()
        } catch {
            throw .usage("--issuer-key: \(error.message).", nextStep: error.advice ?? "")
        }
        guard let issuerPort else {
            let mint = TokenMint(issuer: issuerUrl ?? "", key: key)
            return Running(issuer: AuditIssuer(mint: mint, audience: audience, scopes: scopes), server: nil)
        }
        let site = try await serve(at: Int(issuerPort), key, audience, scopes, in: context)
        let issuer = issuerUrl ?? "http://127.0.0.1:\(site.port)"
        context.streams.error(
            """
            The issuer of test tokens is \(SafeText.escapeLine(issuer)). Its keys are at
              http://127.0.0.1:\(site.port)\(DemoIssuer.keysPath)
            Let the server trust it, with the audience \(SafeText.escapeLine(audience)), for this audit only.

            """
        )
        let mint = TokenMint(issuer: issuer, key: key)
        return Running(issuer: AuditIssuer(mint: mint, audience: audience, scopes: scopes), server: site)
    }

    private func serve(
        at port: Int,
        _ key: SigningKey,
        _ audience: String,
        _ scopes: ScopeSet,
        in context: CommandContext
    ) async throws(Failure) -> SiteServer {
        var options = HTTPServerOptions(port: port, path: "/")
        // A server in a container reaches this machine by another name; what is served here is public.
        options.allowedHosts = ["host.docker.internal"]
        let http = context.authHTTP(for: try HTTPURL(target: "http://127.0.0.1"))
        options.makeSite = { [issuerUrl] url in
            .closedOnFailure {
                let issuer = try issuerUrl ?? HTTPURL(url).origin
                let settings = DemoIssuer.Settings(issuer: issuer, resources: [audience], scopes: scopes)
                let pages = try DemoIssuer(settings, key: key, http: http, now: CommandContext.secondsNow)
                return HTTPSite(pages: pages)
            }
        }
        do {
            return try await SiteServer.start(options, scheduler: context.clock)
        } catch {
            throw Failure(
                .transport,
                .transportError,
                "The issuer could not be served on port \(port): \((error as? ListenFailure)?.reason ?? "\(error)")",
                nextStep: "Choose another --issuer-port, or stop the program that uses it."
            )
        }
    }
}
