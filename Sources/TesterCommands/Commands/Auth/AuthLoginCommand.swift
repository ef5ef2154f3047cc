import ArgumentParser
import AsyncRuntime
import ChildProcesses
import MCPAuth
import MCPHTTP
import MCPHTTPClient
import Tester

/// Gets tokens for a server and stores them.
struct AuthLoginCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Log in at a server's authorization server, and store the tokens.",
        usage: "mcp-test-mcp auth login URL [options]",
        discussion: """
            Opens a browser on a desktop, and prints the URL everywhere else. If the browser runs on another machine, paste \
            the address that it shows after you agreed. With --device, agree on any device. With the secret or key of a \
            client, the client itself logs in unless --browser is given. With a refresh token, the JWT of a workload or the \
            sign-on at an enterprise's identity provider, no one has to agree.
            """
    )

    @Argument(help: .loginURL)
    var url: String

    @Flag(help: "Print the URL instead of opening a browser.")
    var noBrowser = false

    @Flag(help: "Let a user agree although the client has a secret or key.")
    var browser = false

    @Flag(help: "Agree on any device by entering a code (device authorization grant).")
    var device = false

    @Option(
        help: ArgumentHelp("Port of the redirect URI http://127.0.0.1:PORT/callback (default: any).", valueName: "port")
    )
    var redirectPort: UInt16 = 0

    @Option(
        help: ArgumentHelp(
            "Whole redirect URI, if the client is registered with another one. The address is pasted unless its host is "
                + "this machine.",
            valueName: "uri"
        )
    )
    var redirectUri: String?

    @Option(
        help: ArgumentHelp("Timeout for agreeing, in seconds (default: 300).", valueName: "seconds"),
        transform: Seconds.positive
    )
    var consentTimeout: Duration?

    @Option(help: ArgumentHelp("PEM file with certificates to trust besides the system's.", valueName: "file"))
    var ca: String?

    @Flag(help: "Skip certificate verification. Anyone on the network path can then read and change everything.")
    var insecure = false

    @OptionGroup(title: "Authorization options")
    var authorization: AuthorizationOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        var endpoint = HTTPEndpoint(url: url)
        endpoint.tls = TLSChoice(authorities: ca, verifies: !insecure)
        endpoint.proxy = ProxyChoice.reading { context.environment.value(of: $0) }
        let target = try Target(endpoint)
        let authorization = try await self.authorization.authorization(in: context)
        let login = Login(to: target, authorization, clock: context.clock)
        if device {
            return context.show(try await login.run(by: .device { Self.show($0, in: context) }), as: output)
        }
        if !browser, let grant = authorization.grant.authorization {
            return context.show(try await login.run(by: .unattended(grant)), as: output)
        }
        return try await runInBrowser(login, in: context)
    }

    /// What waits for the redirect back.
    private func listener(in context: CommandContext) async throws(Failure) -> RedirectListener {
        let listener: RedirectListener
        do throws(AuthFailure) {
            if let redirectUri {
                listener = try await RedirectListener.start(redirectURI: redirectUri, clock: context.clock)
            } else {
                listener = try await RedirectListener.start(port: Int(redirectPort), clock: context.clock)
            }
        } catch {
            throw .usage("\(error.message).", nextStep: error.advice ?? "")
        }
        guard listener.isListening || context.inputs.isTerminal else {
            await listener.close()
            throw .usage(
                "The redirect URI is not on this machine, so its address must be pasted at a terminal.",
                nextStep: "Run the command at a terminal, or use http://127.0.0.1:PORT/callback."
            )
        }
        return listener
    }

    private func runInBrowser(_ login: Login, in context: CommandContext) async throws(Failure) -> Exit {
        guard redirectUri == nil || redirectPort == 0 else {
            throw .usage("--redirect-uri and --redirect-port exclude each other.", nextStep: "Give one of them.")
        }
        let listener = try await listener(in: context)
        // Otherwise, standard input may be meant for the commands that follow.
        let reads = context.inputs.isTerminal || noBrowser
        let reader = Task { if reads { await Self.readPastedURL(for: listener, in: context) } }
        let limit = consentTimeout ?? AuthLimits().consent
        let interaction = listener.interaction(within: limit) { [noBrowser] url in
            await Self.show(url, opens: !noBrowser, within: limit, in: context)
        }
        let result: Result<Report, Failure>
        do throws(Failure) {
            result = .success(try await login.run(by: .browser(interaction)))
        } catch {
            result = .failure(error)
        }
        reader.cancel()
        await reader.value
        await listener.close()
        return context.show(try result.get(), as: output)
    }

    private static func show(_ prompt: DevicePrompt, in context: CommandContext) {
        context.streams.error(
            """
            Open \(SafeText.escapeLine(prompt.url.requestText))
            and enter the code \(SafeText.escapeLine(prompt.userCode))

            """
        )
        guard let url = prompt.completeURL else { return }
        context.streams.error("Or open \(SafeText.escapeLine(url.requestText))\n")
    }

    private static func show(
        _ url: HTTPURL,
        opens: Bool,
        within limit: Duration,
        in context: CommandContext
    ) async {
        var isOpened = false
        if opens, let command = Browser.command(opening: url, variable: { context.environment[terminal: $0] }) {
            isOpened = await opened(command.program, command.arguments)
        }
        let paste =
            if context.inputs.isTerminal {
                "paste its address and press Enter."
            } else if opens {
                "run the command with --no-browser, or at a terminal, and paste its address."
            } else {
                "write its address to standard input, as one line."
            }
        context.streams.error(
            """
            \(isOpened ? "A browser was opened. If not, open" : "Open in a browser")
              \(SafeText.escapeLine(url.requestText))
            Waiting up to \(limit.seconds). If the browser cannot come back here, \(paste)

            """
        )
    }

    /// Whether the program could be started; it ends by itself.
    private static func opened(_ program: String, _ arguments: [String]) async -> Bool {
        do throws(SpawnFailure) {
            try await DetachedProcess.start(
                ChildProcess.Command(
                    executable: program,
                    arguments: arguments,
                    withheldVariables: Target.secretVariables
                )
            )
            return true
        } catch {
            return false
        }
    }

    /// Passes on the address that the user pastes, until one can be read.
    private static func readPastedURL(for listener: RedirectListener, in context: CommandContext) async {
        while let line = await context.inputs.line(), !Task.isCancelled {
            do throws(AuthFailure) {
                if listener.accept(try Callback(pasted: line)) { return }
                context.streams.error(
                    "This address belongs to another login. Paste the one to which the URL above leads.\n"
                )
            } catch {
                context.streams.error("\(SafeText.escape(error.message)). \(error.advice ?? "")\n")
            }
        }
    }
}
