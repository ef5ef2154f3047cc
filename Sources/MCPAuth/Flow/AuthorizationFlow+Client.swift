import MCPHTTP

/// A client, and the redirect URI that it is registered with.
struct ChosenClient: Sendable {
    var client: OAuthClient
    /// Nil for grants without one.
    var redirectURI: String?
}

extension AuthorizationFlow {
    /// Chooses or registers the client.
    ///
    /// Source: 2026-07-28, "Client Registration", "Client Registration Approaches".
    func client(
        for grant: AuthorizationGrant,
        _ discovery: Discovery,
        _ scopes: ScopeSet,
        _ known: Authorization?,
        isBound: Bool
    ) async throws(AuthFailure) -> ChosenClient {
        let server = discovery.server
        if let client = settings.client {
            return ChosenClient(client: try given(client, at: server), redirectURI: grant.redirectURI)
        }
        if case .workload = grant {
            let client = OAuthClient(id: "", authentication: OAuthClient.Authentication.none)
            return ChosenClient(client: client, redirectURI: nil)
        }
        if let known, known.client.source == .registered {
            if known.client.issuer == server.issuer, known.issuer == server.issuer, isReusable(known, for: grant) {
                trace.hide(known.client.secret)
                trace.add(AuthStep(.registration, .ok, .issuerBinding, "the client that is registered already"))
                return ChosenClient(client: known.client, redirectURI: known.redirectURI)
            }
            if known.issuer != server.issuer {
                let found = "another authorization server than before (\(known.issuer)): its client is not used here"
                trace.add(AuthStep(.registration, .ok, .issuerBinding, found))
            }
        }
        let types = grant.registeredTypes
        if let url = settings.clientMetadataURL, server.supportsClientMetadataDocuments, grant.mayBeDocument {
            trace.add(AuthStep(.registration, .ok, .clientMetadataDocument, "the client ID is the URL \(url)"))
            let client = OAuthClient(
                id: url,
                authentication: OAuthClient.Authentication.none,
                source: .metadataDocument
            )
            return ChosenClient(client: client, redirectURI: grant.redirectURI)
        }
        guard let types else {
            throw needsClient(
                server,
                "the grant \(grant.name) needs a registered client",
                rule: .clientCredentials
            )
        }
        guard let endpoint = try server.url(of: .registration, allowedBy: settings.policy) else {
            throw needsClient(
                server,
                "\(server.issuer) has no registration_endpoint"
                    + (server.supportsClientMetadataDocuments
                        ? ", and no URL of a client ID metadata document is given"
                        : " and does not support client ID metadata documents"),
                rule: .registrationOrder
            )
        }
        return try await register(
            DynamicRegistration(
                at: endpoint,
                of: server,
                redirectURIs: grant.redirectURI.map { [$0] } ?? [],
                grantTypes: types,
                scopes: scopes,
                isBound: isBound
            )
        )
    }

    private func given(_ client: OAuthClient, at server: ServerMetadata) throws(AuthFailure) -> OAuthClient {
        if let issuer = client.issuer, issuer != server.issuer {
            throw AuthFailure(
                .clientOfOtherIssuer,
                "the client \(client.id) belongs to \(issuer), but the server uses \(server.issuer)",
                advice: "Give a client that is registered at \(server.issuer).",
                rule: .issuerBinding
            )
        }
        trace.add(AuthStep(.registration, .ok, .registrationOrder, "the client \(client.id), which the user gave"))
        return try fitting(client, server)
    }

    /// The client, with a key that signs with an algorithm that the token endpoint accepts.
    ///
    /// Source: RFC 8414, section 2: `token_endpoint_auth_signing_alg_values_supported`.
    private func fitting(_ given: OAuthClient, _ server: ServerMetadata) throws(AuthFailure) -> OAuthClient {
        guard let key = given.key, key.algorithm == nil, let accepted = server.assertionAlgorithms else { return given }
        let own = key.usableAlgorithms
        guard !own.isEmpty, try given.authentication(at: server) == .privateKeyJWT else { return given }
        guard let algorithm = own.first(where: accepted.contains) else {
            throw AuthFailure(
                .noClientAuthentication,
                "the token endpoint of \(server.issuer) accepts assertions signed with \(accepted.joined(separator: ", ")); "
                    + "the client's key is for \(own.joined(separator: ", "))",
                advice: "Give a key for one of these algorithms: --auth-client-key.",
                rule: .clientCredentials
            )
        }
        var client = given
        client.key?.algorithm = algorithm
        return client
    }

    /// A client is registered for one redirect URI, and many servers compare its port.
    private func isReusable(_ known: Authorization, for grant: AuthorizationGrant) -> Bool {
        known.grant == grant.name
            && (known.redirectURI == grant.redirectURI
                || known.redirectURI == grant.redirectURI.map(DynamicRegistration.byName))
    }

    private func needsClient(_ server: ServerMetadata, _ reason: String, rule: AuthRule) -> AuthFailure {
        let advice = "Register a client at \(server.issuer) and give its ID: --auth-client-id."
        trace.add(AuthStep(.registration, .fault, rule, reason, advice: advice))
        return AuthFailure(.needsClient, "a client is needed: \(reason)", advice: advice, rule: rule)
    }

    private func register(_ given: DynamicRegistration) async throws(AuthFailure) -> ChosenClient {
        var registration = given
        while let request = registration.next {
            try checkCancellation()
            trace.add(registration.receive(await send(request)))
        }
        if let client = registration.client {
            trace.hide(client.secret)
            return ChosenClient(client: client, redirectURI: registration.redirectURIs.first)
        }
        throw registration.failure ?? AuthFailure(.registrationRefused, "the client was not registered")
    }
}
