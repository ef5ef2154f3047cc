/// What can be wrong with the authorization of a server: the closed list of what the doctor finds.
///
/// The raw values are stable, so that scripts can compare them.
public enum AuthProblem: String, Sendable, Hashable, CaseIterable {
    // MARK: The server

    /// The server did not answer.
    case unreachable
    /// Nothing is at the URL.
    case notFound = "not_found"
    /// A request without a token is answered with another refusal than 401.
    case wrongStatus = "wrong_status"
    /// The server demands no token, although it has metadata.
    case notDemanded = "not_demanded"
    /// A method, such as GET, needs no token.
    case unprotectedMethod = "unprotected_method"
    /// A token that no one issued is accepted.
    case invalidTokenAccepted = "invalid_token_accepted"
    /// An invalid token is answered with another refusal than 401.
    case invalidTokenStatus = "invalid_token_status"
    /// A token of the authorization server is refused.
    case tokenRefused = "token_refused"
    /// A refusal with 403 does not name the scopes.
    case forbiddenWithoutScope = "forbidden_without_scope"

    // MARK: The challenge

    /// A 401 has no challenge with the scheme Bearer.
    case challengeMissing = "challenge_missing"
    /// The challenge breaks the syntax.
    case challengeMalformed = "challenge_malformed"
    /// `resource_metadata` is not a URL that can be used.
    case challengeMetadata = "challenge_metadata"
    /// The server names `offline_access`.
    case offlineAccess = "offline_access"

    // MARK: Metadata

    /// The server publishes no protected resource metadata.
    case resourceMetadataMissing = "resource_metadata_missing"
    /// Protected resource metadata is only at a place where clients do not look.
    case resourceMetadataMisplaced = "resource_metadata_misplaced"
    /// A document cannot be used: not JSON, or without a required member.
    case metadataMalformed = "metadata_malformed"
    /// Two documents, or two members of one, contradict each other.
    case metadataContradictory = "metadata_contradictory"
    /// A document is behind a redirect.
    case metadataRedirected = "metadata_redirected"
    /// The metadata is for another resource.
    case resourceMismatch = "resource_mismatch"
    /// The resource of the metadata differs from the URL by a slash at its end.
    case trailingSlash = "trailing_slash"
    /// The protected resource metadata names no authorization server.
    case noAuthorizationServer = "no_authorization_server"
    /// The authorization server has no metadata.
    case serverMetadataMissing = "server_metadata_missing"
    /// The metadata of the authorization server is only at a place where clients do not look.
    case serverMetadataMisplaced = "server_metadata_misplaced"
    /// The metadata is for another issuer.
    case issuerMismatch = "issuer_mismatch"
    /// A URL leads to an address that a client does not request, or lacks https.
    case refusedAddress = "refused_address"

    // MARK: The authorization server

    /// An endpoint is missing.
    case missingEndpoint = "missing_endpoint"
    /// PKCE with S256 is not announced.
    case noProofKey = "no_s256"
    /// The code grant is not announced.
    case noCodeGrant = "no_code_grant"
    /// The algorithms for proofs of possession are missing, or not all of them are safe.
    case proofAlgorithms = "dpop_algorithms"
    /// A client cannot get a client ID by itself.
    case noRegistration = "no_registration"
    /// The registration was refused.
    case registrationRefused = "registration_refused"
    /// A public client cannot use the token endpoint.
    case noPublicClients = "no_public_clients"
    /// The resource names scopes that the authorization server does not know.
    case unknownScope = "unknown_scope"
    /// The authorization server does not list the resource.
    case unknownResource = "unknown_resource"
    /// The token endpoint does not answer as OAuth defines.
    case tokenEndpoint = "token_endpoint"
    /// The authorization request was refused.
    case authorizationRefused = "authorization_refused"
    /// The authorization server does not announce `iss`, which the host needs.
    case noResponseIssuer = "no_response_issuer"

    // MARK: Browsers

    /// A client in a browser is not allowed.
    case crossOrigin = "cors_missing"
}
