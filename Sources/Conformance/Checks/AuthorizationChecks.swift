import JSON
import MCP
import MCPHTTP

extension Check {
    /// Authorization of a server that requires a token.
    static let authorization: [Check] = [
        Check(
            "S380",
            "unauthorized-without-token",
            .must,
            .authorization,
            in: .since(.v2025_03_26),
            on: .http,
            rule: "Every request without a token gets HTTP 401"
        ) { p in
            let bare = try await withoutCredentials(p)
            for exchange in bare {
                try p.expect(exchange.status == 401, "\(exchange.method ?? ""): HTTP \(exchange.status ?? 0)", exchange)
            }
        },
        Check(
            "S381",
            "www-authenticate",
            .must,
            .authorization,
            in: .only(.v2025_06_18),
            on: .http,
            rule: "HTTP 401 has WWW-Authenticate with resource_metadata"
        ) { p in
            let exchange = try await p.need(withoutCredentials(p).first, "")
            let challenge = exchange.http?.field("WWW-Authenticate") ?? ""
            try p.expect(challenge.contains("resource_metadata="), "WWW-Authenticate: \(challenge)", exchange)
        },
        Check(
            "S382",
            "resource-metadata-found",
            .must,
            .authorization,
            in: .since(.v2025_11_25),
            on: .http,
            rule: "The metadata of the resource is named by WWW-Authenticate or is at a well-known URL"
        ) { p in
            _ = try await resourceMetadata(p)
        },
        Check(
            "S383",
            "resource-metadata-valid",
            .must,
            .authorization,
            in: .since(.v2025_06_18),
            on: .http,
            rule: "The metadata names the resource and an authorization server"
        ) { p in
            let (metadata, exchange) = try await resourceMetadata(p)
            try p.expect(
                metadata["authorization_servers"]?.array?.isEmpty == false,
                "authorization_servers \(metadata["authorization_servers"] ?? nil)",
                exchange
            )
            let resource = metadata["resource"]?.string ?? ""
            let url = p.server.url ?? ""
            let isSame =
                url.hasPrefix(resource.last == "/" ? String(resource.dropLast()) : resource) && !resource.isEmpty
            try p.expect(isSame, "resource \(resource), but the URL is \(url)", exchange)
        },
        Check(
            "S384",
            "challenge-names-scope",
            .should,
            .authorization,
            in: .since(.v2025_11_25),
            on: .http,
            rule: "HTTP 401 names the scope"
        ) { p in
            let exchange = try await p.need(withoutCredentials(p).first, "")
            let challenge = exchange.http?.field("WWW-Authenticate") ?? ""
            try p.expect(challenge.contains("scope="), "WWW-Authenticate: \(challenge)", exchange)
        },
        Check(
            "S385",
            "garbage-token",
            .must,
            .authorization,
            in: .since(.v2025_03_26),
            on: .http,
            rule: "An invalid token gets HTTP 401"
        ) { p in
            for exchange in try await withoutCredentials(p, token: "garbage.token.value") {
                try p.expect(exchange.status == 401, "HTTP \(exchange.status ?? 0)", exchange)
            }
        },
        Check(
            "S387",
            "token-in-query-not-accepted",
            .must,
            .authorization,
            in: .since(.v2025_03_26),
            on: .http,
            rule: "A token in the query of the URL is not accepted"
        ) { p in
            let url = p.server.url ?? ""
            let query = url.contains("?") ? "&" : "?"
            // A token that is valid in the header, and has no characters with a meaning in a URL.
            let isPlain = { (byte: UInt8) in byte != UInt8(ascii: "+") && byte != UInt8(ascii: "&") }
            let token = try p.require(p.server.token, "a bearer token")
            guard token.utf8.allSatisfy(isPlain) else { throw Verdict.Stop.inconclusive("a token without `+`") }
            for exchange in try await withoutCredentials(p, url: "\(url)\(query)access_token=\(token)") {
                try p.expect(exchange.status == 401, "HTTP \(exchange.status ?? 0)", exchange)
            }
        },
        Check(
            "S391",
            "no-offline-access",
            .should,
            .authorization,
            in: .modern,
            on: .http,
            rule: "offline_access is neither in the metadata nor in challenges"
        ) { p in
            let (metadata, exchange) = try await resourceMetadata(p)
            let challenge = try await p.need(withoutCredentials(p).first, "").http?.field("WWW-Authenticate") ?? ""
            let isNamed = metadata["scopes_supported"]?.array?.contains("offline_access") ?? false
            try p.expect(!isNamed && !challenge.contains("offline_access"), "offline_access", exchange)
        },
        Check(
            "S392",
            "session-is-not-authentication",
            .must,
            .authorization,
            in: .from(.v2025_03_26, through: .v2025_11_25),
            on: .http,
            rule: "A session ID without a token gets HTTP 401"
        ) { p in
            let id = try p.require(p.main.httpSession, "a session ID")
            for exchange in try await withoutCredentials(p, session: id) {
                try p.expect(exchange.status == 401, "HTTP \(exchange.status ?? 0)", exchange)
            }
        },
        Check(
            "S393",
            "authorization-server-metadata",
            .must,
            .authorization,
            in: .since(.v2025_11_25),
            on: .http,
            rule: "The authorization server has metadata with its own issuer, S256 and https endpoints"
        ) { p in
            let (metadata, _) = try await resourceMetadata(p)
            let issuer = try p.need(metadata["authorization_servers"]?.array?.first?.string, "an authorization server")
            let (document, exchange) = try await serverMetadata(issuer, p)
            try p.expect(
                document["issuer"]?.string == issuer || document["issuer"]?.string == issuer + "/",
                "issuer \(document["issuer"] ?? nil) instead of \(issuer)",
                exchange
            )
            try p.expect(
                document["code_challenge_methods_supported"]?.array?.contains("S256") ?? false,
                "code_challenge_methods_supported \(document["code_challenge_methods_supported"] ?? nil)",
                exchange
            )
            for name in ["authorization_endpoint", "token_endpoint"] {
                guard let url = document[name]?.string else { continue }
                try p.expect(url.hasPrefix("https://") || isLoopback(url), "\(name) \(url)", exchange)
            }
        },
        Check(
            "S395",
            "issuer-parameter-advertised",
            .should,
            .authorization,
            in: .modern,
            on: .http,
            rule: "The authorization server supports the parameter iss"
        ) { p in
            let (metadata, _) = try await resourceMetadata(p)
            let issuer = try p.need(metadata["authorization_servers"]?.array?.first?.string, "an authorization server")
            let (document, exchange) = try await serverMetadata(issuer, p)
            try p.expect(
                document["authorization_response_iss_parameter_supported"] == true,
                "authorization_response_iss_parameter_supported \(document["authorization_response_iss_parameter_supported"] ?? nil)",
                exchange
            )
        },
        Check(
            "S396",
            "client-id-metadata-documents",
            .should,
            .authorization,
            in: .since(.v2025_11_25),
            on: .http,
            rule: "The authorization server supports client ID metadata documents"
        ) { p in
            let (metadata, _) = try await resourceMetadata(p)
            let issuer = try p.need(metadata["authorization_servers"]?.array?.first?.string, "an authorization server")
            let (document, exchange) = try await serverMetadata(issuer, p)
            try p.expect(
                document["client_id_metadata_document_supported"] == true,
                "client_id_metadata_document_supported \(document["client_id_metadata_document_supported"] ?? nil)",
                exchange
            )
        },
    ]

    /// Requests as a client sends them, but without the credentials of the user.
    private static func withoutCredentials(
        _ p: Probe,
        token: String? = nil,
        url: String? = nil,
        session: String? = nil
    ) async throws -> [Exchange] {
        guard p.server.hasCredentials, let start = p.server.startHTTP else {
            throw Verdict.Stop.notApplicable("credentials (the server was used without a token)")
        }
        let wire = HTTPWire(clock: p.server.clock, start: try start(url, false))
        let bare = Session(wire, p.revision, capabilities: [:], options: p.options, traffic: p.traffic)
        var exchanges: [Exchange] = []
        for method in p.isModern ? ["server/discover", p.ordinaryMethod] : ["initialize", p.ordinaryMethod] {
            exchanges.append(
                await bare.request(method) { draft in
                    if let token { draft.setField("Authorization", "Bearer \(token)") }
                    if let session { draft.setField("Mcp-Session-Id", session) }
                }
            )
        }
        return exchanges
    }

    private static func get(_ url: String, _ p: Probe) async throws -> Exchange {
        guard let start = p.server.startHTTP else { throw Verdict.Stop.notApplicable("HTTP") }
        let wire = HTTPWire(clock: p.server.clock, start: try start(url, false))
        return await wire.begin(
            WireMessage(bytes: [], id: nil, httpMethod: "GET", fields: [("Accept", "application/json")])
        ).finish(within: p.options.limit)
    }

    private static func resourceMetadata(_ p: Probe) async throws -> (JSONValue, Exchange) {
        let exchange = try await p.need(withoutCredentials(p).first, "")
        let challenge = exchange.http?.field("WWW-Authenticate") ?? ""
        var urls: [String] = []
        if let range = challenge.split(separator: "resource_metadata=\"", maxSplits: 1).dropFirst().first {
            urls.append(String(range.prefix { $0 != "\"" }))
        }
        if let (origin, path) = parts(p.server.url ?? "") {
            urls += [
                "\(origin)/.well-known/oauth-protected-resource\(path)",
                "\(origin)/.well-known/oauth-protected-resource",
            ]
        }
        for url in urls {
            let found = try await get(url, p)
            if found.status == 200, let value = found.received.first?.value, value.object != nil {
                return (value, found)
            }
        }
        try p.expect(false, "none at \(urls.joined(separator: ", "))", exchange)
        return (nil, exchange)
    }

    private static func serverMetadata(_ issuer: String, _ p: Probe) async throws -> (JSONValue, Exchange) {
        guard let (origin, path) = parts(issuer) else { throw Verdict.Stop.inconclusive("an issuer that is a URL") }
        let trimmed = path == "/" ? "" : path
        var last: Exchange?
        for url in [
            "\(origin)/.well-known/oauth-authorization-server\(trimmed)",
            "\(origin)/.well-known/openid-configuration\(trimmed)",
            "\(origin)\(trimmed)/.well-known/openid-configuration",
        ] {
            let found = try await get(url, p)
            if found.status == 200, let value = found.received.first?.value, value.object != nil {
                return (value, found)
            }
            last = found
        }
        try p.expect(false, "no metadata of \(issuer)", last)
        return (nil, try p.need(last, ""))
    }

    /// The origin and the path of a URL.
    private static func parts(_ url: String) -> (origin: String, path: String)? {
        let pieces = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard pieces.count >= 3 else { return nil }
        let path = pieces.count > 3 ? "/" + pieces[3].prefix { $0 != "?" } : ""
        return ("\(pieces[0])//\(pieces[2])", path)
    }
}
