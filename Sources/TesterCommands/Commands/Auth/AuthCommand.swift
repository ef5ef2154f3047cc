import ArgumentParser
import MCPAuth
import MCPHTTPClient
import Tester

/// Manages the tokens for servers that demand authorization.
struct AuthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auth",
        abstract: "Log in at a server that demands authorization, find its faults, and manage the tokens.",
        usage: "mcp-test-mcp auth login|doctor|audit|list|show|logout [URL] [options]",
        discussion: """
            Every command and the tool connect_to_server use the token of a login for the same URL, and renew it. Tokens are \
            kept in a file that only its owner can read, and are never shown.
            """,
        subcommands: [
            AuthLoginCommand.self, AuthDoctorCommand.self, AuthAuditCommand.self, AuthListCommand.self,
            AuthShowCommand.self, AuthLogoutCommand.self,
        ]
    )
}

/// Lists the stored authorizations.
struct AuthListCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the servers for which tokens are stored.",
        usage: "mcp-test-mcp auth list [options]"
    )

    @OptionGroup(title: "Authorization options")
    var authorization: AuthorizationOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        context.show(await StoredAuthorizations(authorization.store(in: context)).list(), as: output)
    }
}

/// Shows claims and expiry of the tokens for a server.
struct AuthShowCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show claims and expiry of the stored tokens for a server; never a token.",
        usage: "mcp-test-mcp auth show URL [options]"
    )

    @Argument(help: .loginURL)
    var url: String

    @OptionGroup(title: "Authorization options")
    var authorization: AuthorizationOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let target = try Target(HTTPEndpoint(url: url))
        return context.show(try await StoredAuthorizations(authorization.store(in: context)).show(target), as: output)
    }
}

/// Removes the tokens for a server.
struct AuthLogoutCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Remove the stored tokens for a server.",
        usage: "mcp-test-mcp auth logout URL [options]"
    )

    @Argument(help: .loginURL)
    var url: String

    @OptionGroup(title: "Authorization options")
    var authorization: AuthorizationOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let target = try Target(HTTPEndpoint(url: url))
        return context.show(try await StoredAuthorizations(authorization.store(in: context)).remove(target), as: output)
    }
}

extension ArgumentHelp {
    /// The server of a login.
    static let loginURL = ArgumentHelp("URL of the server, as it is used in other commands.", valueName: "url")
}
