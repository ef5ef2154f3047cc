import JSON
import MCPHTTP

/// The steps that need a client: it is registered only with leave.
extension AuthExamination {
    mutating func examineClient() async {
        guard let server, let client = await client(at: server) else { return }
        await examineAuthorization(of: client, at: server)
    }

    /// The client of the user, of the host, or a new one.
    private mutating func client(at server: ServerMetadata) async -> OAuthClient? {
        if let client = flow.settings.client { return client }
        for registration in host?.registrations ?? [.dynamic] {
            switch registration {
            case .metadataDocument(let url):
                guard server.supportsClientMetadataDocuments else { continue }
                return OAuthClient(id: url, authentication: OAuthClient.Authentication.none, source: .metadataDocument)
            case .dynamic:
                guard server.json[ServerMetadata.Endpoint.registration.rawValue]?.string != nil else { continue }
                guard options.registers else {
                    add(
                        .registration,
                        .absent,
                        .dynamicRegistration,
                        "no client was registered, because it stays at the authorization server (--register allows it)"
                    )
                    return nil
                }
                return await register(at: server)
            case .given: continue
            }
        }
        return nil
    }

    private mutating func register(at server: ServerMetadata) async -> OAuthClient? {
        let endpoint: HTTPURL
        do throws(AuthFailure) {
            guard let url = try server.url(of: .registration, allowedBy: flow.settings.policy) else { return nil }
            endpoint = url
        } catch {
            // Reported with the content of the metadata.
            return nil
        }
        var identity = DynamicRegistration.Identity()
        if let host {
            identity.name = host.name
            identity.applicationType = host.isNative ? "native" : "web"
            identity.changesRedirectURI = false
        }
        var registration = DynamicRegistration(
            at: endpoint,
            of: server,
            redirectURIs: host?.redirectURIs ?? [redirectURI],
            grantTypes: [GrantType.code, GrantType.refreshToken],
            scopes: scopes(for: server),
            as: identity
        )
        while let request = registration.next, !Task.isCancelled {
            flow.trace.add(registration.receive(await flow.send(request)))
        }
        guard let client = registration.client else { return nil }
        flow.trace.hide(client.secret)
        registeredClient = client.id
        return client
    }

    private func scopes(for server: ServerMetadata) -> ScopeSet {
        let named = ScopeSet(resource?["scopes_supported"]?.array?.compactMap(\.string) ?? [])
        let chosen = flow.settings.scopes ?? challenge?.scopes ?? named
        let added = (host?.addedScopes ?? []).filter { server.scopesSupported?.contains($0) == true }
        return chosen.isEmpty ? chosen : chosen.union(ScopeSet(added))
    }

    // MARK: - The authorization request

    /// Sends the authorization request as a browser would, and does not follow where it leads: a login page is as good as a
    /// page that asks for consent.
    private func examineAuthorization(of client: OAuthClient, at server: ServerMetadata) async {
        let endpoint: HTTPURL
        do throws(AuthFailure) {
            guard let url = try server.url(of: .authorization, allowedBy: flow.settings.policy) else { return }
            endpoint = url
        } catch {
            return
        }
        let authorization = AuthorizationRequest(
            at: endpoint,
            of: server,
            client: client,
            resource: ResourceIdentifier(verbatim: resource?["resource"]?.string ?? identifier),
            redirectURI: redirectURI,
            scopes: scopes(for: server)
        )
        flow.trace.hide(authorization.proofKey.verifier)
        let request = AuthRequest(
            method: .get,
            url: authorization.url,
            fields: [.init("Accept", "text/html")],
            body: []
        )
        switch await flow.send(request) {
        case .failure(let failure):
            report("GET \(endpoint)", nil, failure.message, advice: failure.advice)
        case .success(let response): examine(response, to: "GET \(endpoint)", of: client)
        }
    }

    private func examine(_ response: AuthResponse, to request: String, of client: OAuthClient) {
        let status = response.status
        if let location = response.values(of: "Location").first, (300..<400).contains(status),
            location.hasPrefix(redirectURI)
        {
            let query = location.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
            let callback = Callback(query: query)
            flow.trace.hide(callback.code)
            if let error = callback.error {
                let rule = error.code == "invalid_target" ? AuthRule.resourceParameter : .authorizationRequest
                return report(request, status, "the refusal \(error)", rule, advice: Self.advice(error.code))
            }
            return add(
                .authorization,
                .ok,
                .authorizationRequest,
                "a redirect back without any page, so that the user is not asked",
                request: request,
                status: status
            )
        }
        guard status < 400 else {
            let words = ResponseWords.text(of: response).map { ": \"\($0)\"" } ?? ""
            return report(
                request,
                status,
                "a refusal of the client ID \(client.id) without a redirect back\(words)",
                client.source == .metadataDocument ? .clientMetadataDocument : .authorizationRequest,
                advice: client.source == .metadataDocument
                    ? "Let the authorization server accept this client ID: it must be able to fetch the document there."
                    : "Check the registration of this client: the redirect URI must be \(redirectURI)."
            )
        }
        add(.authorization, .ok, .authorizationRequest, "a page for the user", request: request, status: status)
    }

    private func report(
        _ request: String,
        _ status: Int?,
        _ found: String,
        _ rule: AuthRule = .authorizationRequest,
        advice: String?
    ) {
        add(
            .authorization,
            .fault,
            rule,
            found,
            request: request,
            status: status,
            .authorizationRefused,
            advice: advice ?? "Check the log of the authorization server."
        )
    }

    private static func advice(_ code: String) -> String? {
        switch code {
        case "invalid_scope": "Let the authorization server grant the scopes that the resource names."
        case "invalid_target": "Register the resource at the authorization server."
        case "unauthorized_client": "Let the authorization server allow the code grant for the client."
        case "invalid_request":
            "Check which parameter the authorization server rejects: resource, scope or code_challenge."
        default: nil
        }
    }
}
