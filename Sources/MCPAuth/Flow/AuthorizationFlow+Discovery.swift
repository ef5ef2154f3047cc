import JSON
import MCPHTTP

extension AuthorizationFlow {
    /// Finds the metadata of the server and of its authorization server.
    ///
    /// - Parameter challenges: The challenges of the 401 or 403; nil if there was no such response.
    public func discover(_ challenges: Challenges? = nil) async throws(AuthFailure) -> Discovery {
        try await redacting { () async throws(AuthFailure) in try await self.search(challenges) }
    }

    func search(_ challenges: Challenges?) async throws(AuthFailure) -> Discovery {
        let challenge = challenges?.token
        if let challenges { record(challenges) }
        guard let (metadata, scopes) = try await resourceMetadata(challenge).map({ ($0, challenge?.scopes) }) else {
            return try await legacyDiscovery(challenge)
        }
        let server = try await serverMetadata(of: metadata)
        return Discovery(
            resource: metadata.resource,
            resourceMetadata: metadata,
            server: server,
            challengedScopes: scopes,
            // RFC 9728, section 2.
            requiresPossession: challenge?.scheme == "dpop"
                || metadata.json["dpop_bound_access_tokens_required"]?.bool == true
        )
    }

    private func record(_ challenges: Challenges) {
        if let problem = challenges.problems.first {
            trace.add(
                AuthStep(
                    .challenge,
                    .warning,
                    .challenge,
                    "a malformed WWW-Authenticate: \(problem)",
                    advice: "Write name=\"value\" pairs after Bearer, with commas between them."
                )
            )
        }
        guard let challenge = challenges.token else {
            let found = challenges.all.isEmpty ? "no WWW-Authenticate" : "no challenge with the scheme Bearer"
            trace.add(
                AuthStep(
                    .challenge,
                    .warning,
                    .challenge,
                    found,
                    advice: "Answer with WWW-Authenticate: Bearer resource_metadata=\"…\"."
                )
            )
            return
        }
        let names = challenge.parameters.map(\.name)
        let found =
            names.isEmpty ? "a challenge without parameters" : "a challenge with \(names.joined(separator: ", "))"
        trace.add(AuthStep(.challenge, .ok, .challenge, found))
    }

    // MARK: - The resource

    /// The protected resource metadata; nil if there is none.
    private func resourceMetadata(_ challenge: Challenge?) async throws(AuthFailure) -> ResourceMetadata? {
        let server = settings.server
        var urls = WellKnown.resource(server)
        if let named = challenge?.resourceMetadata {
            do throws(HTTPURL.Fault) {
                let url = try HTTPURL(named)
                urls.removeAll { $0 == url }
                urls.insert(url, at: 0)
            } catch {
                let found = "resource_metadata of the challenge is not usable: the URL \(error)"
                trace.add(AuthStep(.challenge, .fault, .challengeMetadata, found))
            }
        }
        var search = MetadataSearch(
            .resourceMetadata,
            rule: .resourceMetadata,
            at: urls,
            policy: settings.policy,
            redirects: settings.limits.redirects
        ) { document throws(MetadataSearch.Rejection) in
            do throws(ResourceMetadata.Fault) {
                return try ResourceMetadata.read(document, for: server).remark
            } catch {
                throw error.rejection
            }
        }
        try await run(&search)
        guard let document = search.found else {
            guard let rejection = search.rejection else { return nil }
            throw rejection
        }
        do throws(ResourceMetadata.Fault) {
            return try ResourceMetadata.read(document, for: server).0
        } catch {
            throw AuthFailure(.malformedResponse, "the protected resource metadata cannot be read")
        }
    }

    private func run(_ search: inout MetadataSearch) async throws(AuthFailure) {
        while let url = search.next {
            try checkCancellation()
            if let step = search.receive(await send(.metadata(url))) { trace.add(step) }
        }
    }

    // MARK: - The authorization server

    private func serverMetadata(of resource: ResourceMetadata) async throws(AuthFailure) -> ServerMetadata {
        var issuers = resource.authorizationServers
        if let wanted = settings.client?.issuer ?? settings.issuer {
            guard issuers.contains(wanted) else {
                throw AuthFailure(
                    settings.client?.issuer == nil ? .issuerMismatch : .clientOfOtherIssuer,
                    "\(wanted) is not among the authorization servers of \(resource.resource): "
                        + issuers.joined(separator: ", "),
                    advice: "Give a client of one of these, or omit the issuer.",
                    rule: .issuerBinding
                )
            }
            issuers = [wanted]
        }
        var failure: AuthFailure?
        for issuer in issuers.prefix(settings.limits.authorizationServers) {
            do throws(AuthFailure) {
                return try await serverMetadata(of: issuer)
            } catch {
                if error.kind == .cancelled { throw error }
                failure = failure ?? error
            }
        }
        throw failure ?? AuthFailure(.noServerMetadata, "\(resource.resource) names no authorization server")
    }

    private func serverMetadata(of issuer: String) async throws(AuthFailure) -> ServerMetadata {
        let url: HTTPURL
        do throws(HTTPURL.Fault) {
            url = try HTTPURL(issuer)
        } catch {
            let found = "the issuer \"\(Redaction.reference(issuer))\" \(error)"
            trace.add(AuthStep(.serverMetadata, .fault, .serverMetadata, found))
            throw AuthFailure(.noServerMetadata, found, advice: "Name an https URL in authorization_servers.")
        }
        let document = try await document(of: issuer, at: url) { $0 == issuer }
        guard let document else {
            throw AuthFailure(
                .noServerMetadata,
                "the authorization server \(issuer) does not serve its metadata",
                advice: "Serve it at \(WellKnown.server(url)[0]).",
                rule: .serverMetadata
            )
        }
        return ServerMetadata(document, issuer: issuer)
    }

    /// The document of an issuer; nil if there is none.
    private func document(
        of issuer: String,
        at url: HTTPURL,
        accepting isAccepted: @escaping @Sendable (String) -> Bool
    ) async throws(AuthFailure) -> JSONObject? {
        var search = MetadataSearch(
            .serverMetadata,
            rule: .serverMetadata,
            at: WellKnown.server(url),
            policy: settings.policy,
            redirects: settings.limits.redirects
        ) { document throws(MetadataSearch.Rejection) in
            if let given = document["issuer"]?.string, isAccepted(given) { return nil }
            guard let rejection = Self.rejection(ofIssuerIn: document, expected: issuer) else { return nil }
            throw rejection
        }
        try await run(&search)
        if search.found == nil, let rejection = search.rejection { throw rejection }
        return search.found
    }

    /// Why a document is not that of an issuer; nil if it is.
    static func rejection(ofIssuerIn document: JSONObject, expected issuer: String) -> MetadataSearch.Rejection? {
        let given = document["issuer"]?.string
        guard given != issuer else { return nil }
        return MetadataSearch.Rejection(
            kind: .issuerMismatch,
            reason: given.map { "`issuer` is \"\($0)\"; expected \"\(issuer)\"" } ?? "`issuer` is missing",
            rule: .issuerMatch,
            isFinal: false,
            problem: .issuerMismatch,
            advice: "Let issuer be \"\(issuer)\", character by character, as the resource names it."
        )
    }

    // MARK: - The 2025-03-26 revision

    /// Without protected resource metadata, the server's origin is the authorization server, as in its first revision.
    private func legacyDiscovery(_ challenge: Challenge?) async throws(AuthFailure) -> Discovery {
        var origin = settings.server
        (origin.path, origin.query, origin.userInformation) = ("/", nil, nil)
        trace.add(
            AuthStep(
                .resourceMetadata,
                .fault,
                .resourceMetadata,
                "no protected resource metadata; the server's origin is tried as the authorization server",
                advice: "Serve it at \(WellKnown.resource(settings.server)[0])."
            )
        )
        // That revision does not say that the issuer must match.
        let document = try await document(of: origin.origin, at: origin) { _ in true }
        let server: ServerMetadata
        if let document {
            server = ServerMetadata(document, issuer: document["issuer"]?.string ?? origin.origin)
            if server.issuer != origin.origin {
                let found = "`issuer` is \"\(server.issuer)\", although the document was found at \(origin.origin)"
                trace.add(AuthStep(.serverMetadata, .warning, .issuerMatch, found))
            }
        } else {
            server = ServerMetadata(defaultsOf: origin)
            trace.add(
                AuthStep(.serverMetadata, .warning, .legacyDefaults, "no metadata; the default endpoints are used")
            )
        }
        return Discovery(
            resource: ResourceIdentifier(server: settings.server),
            resourceMetadata: nil,
            server: server,
            challengedScopes: challenge?.scopes,
            requiresPossession: challenge?.scheme == "dpop"
        )
    }
}
