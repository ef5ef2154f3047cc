import JSON
import MCPHTTP

/// Tokens that are bound to a key (DPoP).
///
/// Source: RFC 9449; extension dpop (SEP-1932, draft).
extension AuthorizationFlow {
    /// The key for new tokens; nil for bearer tokens.
    ///
    /// - Parameter known: An authorization whose key is used again if the issuer is the same.
    func possessionKey(_ discovery: Discovery, _ known: Authorization?) throws(AuthFailure) -> PossessionKey? {
        guard settings.usesPossession || discovery.requiresPossession else { return nil }
        let reason = discovery.requiresPossession ? "the server requires it" : "the user requested it"
        let server = discovery.server
        if let known, let key = known.possession, known.issuer == server.issuer {
            hide(key)
            trace.add(AuthStep(.token, .ok, .possession, "a token bound to the stored key: \(reason)"))
            return key
        }
        guard let accepted = server.possessionAlgorithms else {
            trace.add(
                AuthStep(
                    .serverMetadata,
                    .warning,
                    .possession,
                    "the metadata of \(server.issuer) has no dpop_signing_alg_values_supported, although \(reason)",
                    advice: "Publish dpop_signing_alg_values_supported: [\"ES256\"]."
                )
            )
            return newKey(.es256)
        }
        guard let algorithm = PossessionKey.algorithms.first(where: { accepted.contains($0.rawValue) }) else {
            let own = PossessionKey.algorithms.map(\.rawValue).joined(separator: ", ")
            let names = accepted.isEmpty ? "no algorithm" : accepted.joined(separator: ", ")
            let found = "\(server.issuer) accepts proofs with \(names); this client signs with \(own)"
            let advice = "Let the authorization server accept ES256."
            trace.add(AuthStep(.serverMetadata, .fault, .possession, found, advice: advice))
            throw AuthFailure(.noProof, found, advice: advice, rule: .possession)
        }
        trace.add(AuthStep(.token, .ok, .possession, "a token bound to a new \(algorithm.rawValue) key: \(reason)"))
        return newKey(algorithm)
    }

    private func newKey(_ algorithm: SigningAlgorithm) -> PossessionKey {
        let key = PossessionKey.generate(algorithm)
        hide(key)
        return key
    }

    func hide(_ key: PossessionKey?) { trace.hide(key?.key.pem) }

    /// Sends a token request: with a proof if the tokens are bound to a key, and once more if the server demands a nonce.
    func send(_ request: TokenRequest, _ grant: TokenRequest.Grant) async throws(AuthFailure) -> MetadataSearch.Outcome
    {
        guard let key = request.possession else { return await send(try await request.exchange(grant, now: now())) }
        let sent = nonces[request.endpoint]
        let outcome = try await send(request, grant, key, nonce: sent)
        guard case .success(let response) = outcome, response.demandsNonce, let nonce = nonces[request.endpoint],
            nonce != sent
        else { return outcome }
        trace.add(
            AuthStep(
                .token,
                .ok,
                .possession,
                "the server demands a nonce, which the next proof has",
                request: "POST \(request.endpoint)",
                status: response.status
            )
        )
        return try await send(request, grant, key, nonce: nonce)
    }

    private func send(
        _ request: TokenRequest,
        _ grant: TokenRequest.Grant,
        _ key: PossessionKey,
        nonce: String?
    ) async throws(AuthFailure) -> MetadataSearch.Outcome {
        // Made again, because a client assertion must not be used twice either.
        var exchange = try await request.exchange(grant, now: now())
        let proof = try key.proof("POST", request.endpoint.withoutQuery, nonce: nonce, now: now())
        exchange.fields.append(AuthRequest.Field("DPoP", proof))
        let outcome = await send(exchange)
        if case .success(let response) = outcome { nonces.read(response, from: request.endpoint) }
        return outcome
    }
}

extension AuthResponse {
    /// Whether a token request is refused only because its proof lacks the nonce of this response.
    fileprivate var demandsNonce: Bool {
        guard status == 400 || status == 401, !values(of: "DPoP-Nonce").isEmpty,
            case .success(let document) = JSONBody.object(self)
        else { return false }
        return OAuthError(document)?.code == "use_dpop_nonce"
    }
}

extension HTTPURL {
    /// The URL as a proof names it.
    var withoutQuery: String {
        var url = self
        (url.query, url.userInformation) = (nil, nil)
        return url.requestText
    }
}
