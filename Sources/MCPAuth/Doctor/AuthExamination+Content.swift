import JSON
import MCPHTTP

/// What the metadata of the authorization server must say so that a client can use it.
extension AuthExamination {
    func examineContent() {
        guard let server else { return }
        examineEndpoints(of: server)
        examineGrants(of: server)
        examinePossession(of: server)
        examineRegistration(at: server)
        examineScopes(of: server)
        examineHost(server)
    }

    private func examineEndpoints(of server: ServerMetadata) {
        var isSound = true
        for endpoint in [ServerMetadata.Endpoint.authorization, .token, .registration] {
            do throws(AuthFailure) {
                guard try server.url(of: endpoint, allowedBy: flow.settings.policy) == nil, endpoint != .registration
                else {
                    continue
                }
                isSound = false
                add(
                    .serverMetadata,
                    .fault,
                    .endpoints,
                    "the metadata has no \(endpoint.rawValue)",
                    .missingEndpoint,
                    advice: "Publish \(endpoint.rawValue)."
                )
            } catch {
                isSound = false
                add(
                    .serverMetadata,
                    .fault,
                    error.rule ?? .endpoints,
                    error.message,
                    error.kind == .refusedAddress ? .refusedAddress : .missingEndpoint,
                    advice: error.advice ?? "Name an https URL."
                )
            }
        }
        if let (one, other) = sharedEndpoint(of: server) {
            isSound = false
            add(
                .serverMetadata,
                .warning,
                .endpoints,
                "\(one.rawValue) and \(other.rawValue) are the same URL",
                .metadataContradictory,
                advice: "Publish a different URL for each endpoint."
            )
        }
        if isSound { add(.serverMetadata, .ok, .endpoints, "all endpoints, with usable URLs") }
    }

    /// Two endpoints with one URL; `nil` if each has its own.
    private func sharedEndpoint(
        of server: ServerMetadata
    ) -> (ServerMetadata.Endpoint, ServerMetadata.Endpoint)? {
        let pairs: [(ServerMetadata.Endpoint, ServerMetadata.Endpoint)] = [
            (.authorization, .token), (.authorization, .registration), (.token, .registration),
        ]
        return pairs.first { one, other in
            server.json[one.rawValue]?.string != nil && server.json[one.rawValue] == server.json[other.rawValue]
        }
    }

    private func examineGrants(of server: ServerMetadata) {
        let methods = server.codeChallengeMethods
        if methods?.contains(ProofKey.method) == true {
            add(.serverMetadata, .ok, .proofKey, "PKCE with S256")
        } else {
            let found =
                methods.map { "code_challenge_methods_supported is \($0.joined(separator: ", "))" }
                ?? "no code_challenge_methods_supported"
            add(
                .serverMetadata,
                .fault,
                .proofKey,
                "\(found): clients refuse the authorization server",
                .noProofKey,
                advice: "Support PKCE with S256, and publish code_challenge_methods_supported: [\"S256\"]."
            )
        }
        let types = server.json["response_types_supported"]?.array?.compactMap(\.string)
        let lacksCode = types.map { !$0.contains("code") } ?? false
        let lacksGrant = server.grantTypes.map { !$0.contains(GrantType.code) } ?? false
        guard lacksCode || lacksGrant else { return }
        add(
            .serverMetadata,
            .fault,
            .codeGrant,
            lacksCode ? "response_types_supported lacks code" : "grant_types_supported lacks authorization_code",
            .noCodeGrant,
            advice: "Support the code grant, and list it."
        )
    }

    /// Whether clients can bind tokens to a key, if the authorization server or the resource says so.
    ///
    /// Source: RFC 9449, section 5.1; RFC 9728, section 2.
    private func examinePossession(of server: ServerMetadata) {
        let isRequired =
            challenge?.scheme == "dpop" || resource?["dpop_bound_access_tokens_required"]?.bool == true
        guard let names = server.possessionAlgorithms else {
            guard isRequired else { return }
            return add(
                .serverMetadata,
                .warning,
                .possession,
                "the resource requires DPoP, and the metadata has no dpop_signing_alg_values_supported",
                .proofAlgorithms,
                advice: "Publish dpop_signing_alg_values_supported: [\"ES256\"]."
            )
        }
        let symmetric = names.filter { $0 == "none" || $0.hasPrefix("HS") }
        guard names.isEmpty || !symmetric.isEmpty else {
            return add(.serverMetadata, .ok, .possession, "proofs with \(names.joined(separator: ", "))")
        }
        add(
            .serverMetadata,
            .warning,
            .possession,
            "dpop_signing_alg_values_supported \(names.isEmpty ? "is empty" : "lists \(symmetric.joined(separator: ", "))")",
            .proofAlgorithms,
            advice: "List asymmetric algorithms only, such as ES256."
        )
    }

    // MARK: - Clients

    private func examineRegistration(at server: ServerMetadata) {
        let hasEndpoint = server.json[ServerMetadata.Endpoint.registration.rawValue]?.string != nil
        let hasDocuments = server.supportsClientMetadataDocuments
        if hasDocuments, let methods = server.tokenAuthMethods, !methods.contains("none"),
            !methods.contains("private_key_jwt")
        {
            add(
                .registration,
                .warning,
                .clientMetadataDocument,
                "client ID metadata documents are supported, but the token endpoint accepts only clients with a secret",
                .noPublicClients,
                advice: "Add none to token_endpoint_auth_methods_supported: such clients are public."
            )
        }
        if let client = flow.settings.client {
            return add(.registration, .ok, .registrationOrder, "the client \(client.id), which the user gave")
        }
        let ways = [hasDocuments ? "client ID metadata documents" : nil, hasEndpoint ? "dynamic registration" : nil]
            .compactMap(\.self)
        if let host { return examineRegistration(of: host, hasEndpoint, hasDocuments, ways) }
        guard ways.isEmpty else {
            return add(.registration, .ok, .registrationOrder, "clients get an ID by \(ways.joined(separator: " or "))")
        }
        add(
            .registration,
            .fault,
            .registrationOrder,
            "no way for a client to get an ID: neither client ID metadata documents nor dynamic registration",
            .noRegistration,
            advice: "Support client ID metadata documents (client_id_metadata_document_supported) or publish "
                + "registration_endpoint. Otherwise every user must register a client and enter its ID."
        )
    }

    private func examineRegistration(
        of host: HostProfile,
        _ hasEndpoint: Bool,
        _ hasDocuments: Bool,
        _ ways: [String]
    ) {
        let usable = host.registrations.first { registration in
            switch registration {
            case .metadataDocument: hasDocuments
            case .dynamic: hasEndpoint
            case .given: false
            }
        }
        switch usable {
        case .metadataDocument(let url):
            add(.registration, .ok, .clientMetadataDocument, "\(host.name) uses the client ID \(url)")
        case .dynamic: add(.registration, .ok, .dynamicRegistration, "\(host.name) registers itself")
        case .given, nil:
            let byHand = host.registrations.contains(.given)
            add(
                .registration,
                byHand ? .warning : .fault,
                byHand ? .registrationOrder : .hostRequirement,
                byHand
                    ? "\(host.name) cannot get a client ID by itself: its user must enter one"
                    : "\(host.name) cannot get a client ID"
                        + (ways.isEmpty ? "" : ", because it does not use \(ways.joined(separator: " or "))"),
                .noRegistration,
                advice:
                    "Support client ID metadata documents or dynamic registration. Otherwise register a client with "
                    + "the redirect URI \(host.redirectURIs.joined(separator: " and "))."
            )
        }
    }

    // MARK: - Scopes

    private func examineScopes(of server: ServerMetadata) {
        guard let known = server.scopesSupported, !known.isEmpty else { return }
        let named = ScopeSet(resource?["scopes_supported"]?.array?.compactMap(\.string) ?? [])
        var missing: [(String, ScopeSet)] = []
        for (place, scopes) in [("the challenge", challenge?.scopes ?? ScopeSet()), ("scopes_supported", named)] {
            let unknown = ScopeSet(scopes.values.filter { !known.contains($0) })
            if !unknown.isEmpty { missing.append((place, unknown)) }
        }
        guard let (place, unknown) = missing.first else {
            return add(.scope, .ok, .supportedScopes, "the authorization server lists all scopes of the resource")
        }
        add(
            .scope,
            .warning,
            .supportedScopes,
            "\(place) of the resource names \"\(unknown)\", which the authorization server does not list",
            .unknownScope,
            advice: "Correct the name, or add the scope to the authorization server."
        )
    }

    private func examineHost(_ server: ServerMetadata) {
        if let listed = server.json["protected_resources"]?.array?.compactMap(\.string), !listed.isEmpty {
            let name = resource?["resource"]?.string ?? identifier
            if !listed.contains(name) {
                add(
                    .serverMetadata,
                    .warning,
                    .protectedResources,
                    "protected_resources does not list \(name)",
                    .unknownResource,
                    advice: "Register the resource at the authorization server."
                )
            }
        }
        guard let host else { return }
        if needs(.responseIssuer), !server.announcesResponseIssuer {
            add(
                .serverMetadata,
                .warning,
                .hostRequirement,
                "iss is not announced: \(host.name) then uses a redirect URI of its own for each connection",
                .noResponseIssuer,
                advice: "Send iss with the redirect back, and publish "
                    + "authorization_response_iss_parameter_supported: true."
            )
        }
    }
}
