import JSON
import MCPHTTPServer
import MCPServer
import TestSupport
import Testing

@Suite("Access policy of the HTTP server", .timeLimit(.minutes(5)))
struct AccessPolicyTests {
    private func post(_ server: Serving, _ fields: [String] = [], host: String? = nil) -> String {
        let head = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: server/discover"]
        let body = Serving.body("server/discover", .modern())
        return server.http(fields: head + fields, body: body, host: host)
    }

    @Test("The server accepts only its own host names and those that are allowed")
    func host() async throws {
        try await Serving.run(.sample(), change: { $0.allowedHosts = ["Proxy.example", "other.example:99"] }) {
            server in
            let port = server.port
            for name in ["localhost:\(port)", "LOCALHOST:\(port)", "127.0.0.1:\(port)", "[::1]:\(port)"]
                + ["proxy.example", "proxy.example:1234", "other.example:99"]
            {
                try await server.expect(200, post(server, host: name))
            }
            for name in ["evil.example", "evil.example:\(port)", "localhost:1", "localhost.evil.example:\(port)"]
                + ["other.example:98", "127.0.0.2:\(port)", "[::2]:\(port)", "localhost"]
            {
                let response = try await server.send(post(server, host: name))
                #expect(response.status == 421, "\(name)")
                #expect(try response.json["id"] == nil)
                #expect(try response.code == -32600)
            }
        }
    }

    @Test("The host of an absolute URL takes precedence over Host")
    func absolute() async throws {
        try await Serving.run(.sample()) { server in
            let own = try await server.send(
                server.http("PUT", "http://localhost:\(server.port)/mcp", host: "evil.example")
            )
            #expect(own.status == 405)
            try await server.expect(421, server.http("PUT", "http://evil.example/mcp"))
        }
    }

    @Test("A refusal says how the server has to be started to allow the host or origin")
    func advice() async throws {
        let advice = ("start it with --allowed-host", "start it with --allowed-origin")
        try await Serving.run(.sample(), change: { $0.advice = advice }) { server in
            let host = try await server.send(server.http("POST", "/mcp", host: "tunnel.example"))
            #expect(host.status == 421)
            #expect(String(decoding: host.body, as: UTF8.self).contains("--allowed-host tunnel.example"))
            let origin = try await server.send(post(server, ["Origin: https://page.example"]))
            #expect(origin.status == 403)
            #expect(String(decoding: origin.body, as: UTF8.self).contains("--allowed-origin https://page.example"))
        }
    }

    @Test("A request with two Host headers is refused")
    func hosts() async throws {
        try await Serving.run(.sample()) { server in
            try await server.expect(400, post(server, ["Host: localhost:\(server.port)"]))
        }
    }

    @Test("Only pages of the server itself and of allowed origins may make requests")
    func origin() async throws {
        try await Serving.run(.sample(), change: { $0.allowedOrigins = ["https://app.example"] }) { server in
            for origin in ["http://127.0.0.1:\(server.port)", "https://app.example", "HTTPS://APP.example"] {
                let response = try await server.send(post(server, ["Origin: \(origin)"]))
                #expect(response.status == 200)
                #expect(response["access-control-allow-origin"] == origin)
                #expect(response["vary"] == "Origin")
            }
            for origin in ["http://evil.example", "null", "http://app.example", "http://127.0.0.1:1", "*"] {
                let response = try await server.send(post(server, ["Origin: \(origin)"]))
                #expect(response.status == 403)
                #expect(response["access-control-allow-origin"] == nil)
                #expect(try response.json["id"] == nil)
            }
        }
    }

    @Test("Pages under every loopback name of the server's own port may make requests to a loopback name")
    func loopbackOrigins() async throws {
        try await Serving.run(.sample(), change: { $0.allowedHosts = ["proxy.example:80"] }) { server in
            let names = ["localhost:\(server.port)", "127.0.0.1:\(server.port)", "[::1]:\(server.port)"]
            for name in names {
                for host in names {
                    try await server.expect(200, post(server, ["Origin: http://\(name)"], host: host))
                }
                // Seen through another host, localhost may be another machine.
                try await server.expect(403, post(server, ["Origin: http://\(name)"], host: "proxy.example:80"))
            }
            for origin in ["http://localhost:1", "http://localhost", "https://localhost:\(server.port)"] {
                try await server.expect(403, post(server, ["Origin: \(origin)"]))
            }
        }
    }

    @Test("A preflight request needs no token")
    func preflight() async throws {
        let change = { (options: inout HTTPServerOptions) in
            options.allowedOrigins = ["https://app.example"]
            options.authentication = Authentication(tokens: [("t", "me")])
        }
        try await Serving.run(.sample(), change: change) { server in
            let asked = ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: mcp-method"]
            let allowed = try await server.send(
                server.http("OPTIONS", fields: asked + ["Origin: https://app.example"])
            )
            #expect(allowed.status == 204)
            #expect(allowed["access-control-allow-headers"] == "mcp-method")
            #expect(allowed["access-control-allow-methods"] == "GET, POST, DELETE")
            let refused = try await server.send(
                server.http("OPTIONS", fields: asked + ["Origin: https://evil.example"])
            )
            #expect(refused.status == 403)
        }
    }

    @Test("A server with tokens admits only a request with a valid token in Authorization")
    func tokens() async throws {
        let tokens = Authentication(tokens: [("secret", "me")])
        try await Serving.run(.sample(), change: { $0.authentication = tokens }) { server in
            try await server.expect(200, post(server, ["Authorization: Bearer secret"]))
            let none = try await server.send(post(server))
            #expect(none.status == 401)
            #expect(none["www-authenticate"] == "Bearer")
            for value in ["Bearer wrong", "Bearer secre", "Basic secret", "Bearer", "secret"] {
                let response = try await server.send(post(server, ["Authorization: \(value)"]))
                #expect(response.status == 401)
                #expect(response["www-authenticate"] == "Bearer error=\"invalid_token\"")
                #expect(!response.text.contains("secre"))
            }
            let inURL = server.http("GET", "/mcp?access_token=secret", fields: ["Accept: text/event-stream"])
            try await server.expect(401, inURL)
        }
    }

    @Test(
        "A loopback address is distinguished from one that other machines can reach",
        arguments: [
            ("localhost", true), ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("[::1]", true),
            ("0.0.0.0", false), ("::", false), ("192.168.1.2", false), ("127.evil.example", false),
            ("127.0.0.1.nip.io", false),
        ]
    )
    func loopback(_ host: String, _ isLoopback: Bool) {
        #expect(HTTPServerOptions(host: host).isLoopback == isLoopback)
    }
}
