import ArgumentParser
import MCPAuth
import MCPHTTPClient
import Tester

/// Examines the authorization of a server.
struct AuthDoctorCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out why the authorization of a server fails, and what to fix first.",
        usage: "mcp-test-mcp auth doctor URL [options]",
        discussion: """
            Requests each URL that a client requests, in order, and shows what the specification says, what was found, and \
            the one thing to fix first. Goes on after a fault where it can. Registers no client unless --register is given, \
            and never opens a browser. Tries the token of a login, or --auth-token. With --as, replays what a host documents: \
            \(HostProfile.all.map(\.id).joined(separator: ", ")). Exits with 1 if there is a fault, and \
            with 3 if the server cannot be reached. Example:
              mcp-test-mcp auth doctor https://api.example.com/mcp --as claude
            """
    )

    @Argument(help: .loginURL)
    var url: String

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Host to replay: redirect URI, registration and requirements.", valueName: "host")
    )
    var host: String?

    @Flag(help: "Register a client, which stays at the authorization server, and send its authorization request.")
    var register = false

    @OptionGroup(title: "HTTP options")
    var http: HTTPTargetOptions

    @OptionGroup(title: "Authorization options")
    var authorization: AuthorizationOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let profile = try host.map { (name) throws(Failure) in try Self.profile(name) }
        var endpoint = try http.endpoint(in: context)
        endpoint.url = url
        var target = try Target(endpoint)
        if let token = try await http.token(in: context) { target.authorize(bearer: token) }
        let authorization = try await self.authorization.authorization(in: context)
        let doctor = AuthDoctor(of: target, authorization, clock: context.clock)
        return context.show(try await doctor.run(as: profile, registers: register), as: output)
    }

    private static func profile(_ name: String) throws(Failure) -> HostProfile {
        if let profile = HostProfile.named(name) { return profile }
        throw .usage(
            "Unknown host \"\(SafeText.escapeLine(name))\".",
            nextStep: "Use one of \(HostProfile.all.map(\.id).joined(separator: ", "))."
        )
    }
}
