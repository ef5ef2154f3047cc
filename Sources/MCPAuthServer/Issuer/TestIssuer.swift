package import AsyncRuntime
package import MCPAuth
import MCPHTTP
import MCPHTTPServer

/// An issuer of test tokens that a server under test trusts, and the site that publishes its keys while it is needed.
package struct TestIssuer: Sendable {
    /// What the user says about it.
    package struct Settings: Sendable {
        /// The port on loopback at which it is served (0 for any); nil to serve nothing.
        package var port: Int?
        /// The issuer as tokens name it; nil for the origin at which it is served.
        package var url: String?
        /// The private key in PEM; nil for a new one.
        package var key: String?
        /// The audience of the tokens.
        package var audience: String
        /// The scopes of the tokens.
        package var scopes: ScopeSet

        /// Creates settings.
        package init(port: Int?, url: String?, key: String?, audience: String, scopes: ScopeSet) {
            (self.port, self.url, self.key) = (port, url, key)
            (self.audience, self.scopes) = (audience, scopes)
        }
    }

    /// Why it cannot be started.
    package enum Fault: Error {
        /// Without a port, the server must know issuer and key already.
        case incomplete
        /// The key cannot be used.
        case key(AuthFailure)
        /// The port is not available, with the reason as a clause.
        case port(Int, String)
    }

    /// Signs the tokens.
    package let mint: TokenMint
    /// The URL of its keys; nil if nothing is served.
    package let keysURL: String?
    private let server: SiteServer?

    /// Starts it.
    package static func start(
        _ settings: Settings,
        scheduler: any Scheduler,
        now: @escaping @Sendable () -> Int64
    ) async throws(Fault) -> TestIssuer {
        let key: SigningKey
        do throws(AuthFailure) {
            key = try (settings.key.map { SigningKey(pem: $0) } ?? .generate()).identified()
        } catch {
            throw .key(error)
        }
        guard let port = settings.port else {
            guard let url = settings.url, settings.key != nil else { throw .incomplete }
            return TestIssuer(mint: TokenMint(issuer: url, key: key), keysURL: nil, server: nil)
        }
        let server: SiteServer
        do {
            server = try await SiteServer.start(options(port, settings, key, now), scheduler: scheduler)
        } catch {
            throw .port(port, (error as? ListenFailure)?.reason ?? "\(error)")
        }
        let origin = "http://127.0.0.1:\(server.port)"
        let mint = TokenMint(issuer: settings.url ?? origin, key: key)
        return TestIssuer(mint: mint, keysURL: origin + DemoIssuer.keysPath, server: server)
    }

    /// Ends the site.
    package func stop() async { await server?.stop() }

    private static func options(
        _ port: Int,
        _ settings: Settings,
        _ key: SigningKey,
        _ now: @escaping @Sendable () -> Int64
    ) -> HTTPServerOptions {
        var options = HTTPServerOptions(port: port, path: "/")
        // A server in a container reaches this machine by another name; what is served here is public.
        options.allowedHosts = ["host.docker.internal"]
        options.makeSite = { url in
            do {
                let issuer = try settings.url ?? HTTPURL(url).origin
                let settings = DemoIssuer.Settings(
                    issuer: issuer,
                    resources: [settings.audience],
                    scopes: settings.scopes
                )
                return HTTPSite(pages: try DemoIssuer(settings, key: key, http: noDocuments, now: now))
            } catch {
                // The key has been used, and the URL is our own.
                return HTTPSite()
            }
        }
        return options
    }

    /// Test tokens need no client, and so no document of one.
    private static let noDocuments: AuthHTTP = { request async throws(AuthHTTPFailure) in
        throw AuthHTTPFailure("\(request.url) was not requested: an issuer of test tokens has no clients")
    }
}
