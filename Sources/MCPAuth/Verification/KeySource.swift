import JSON
package import MCPHTTP

/// Fetches the keys of an issuer: from its metadata, or from a given URL.
///
/// Source: RFC 8414, section 2 (`jwks_uri`).
package struct KeySource: Sendable {
    /// An error while fetching keys.
    package struct Fault: Error, Sendable {
        /// What happened, without a capital letter and a full stop, so that it fits into a sentence.
        package let reason: String

        /// Creates a fault.
        package init(reason: String) {
            self.reason = reason
        }
    }

    private let issuer: HTTPURL
    private let issuerName: String
    private let keys: HTTPURL?
    private let settings: AuthorizationSettings
    private let http: AuthHTTP

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - issuer: The issuer, as its tokens name it.
    ///   - keys: The URL of the keys; nil to read it from the metadata of the issuer.
    ///   - http: Sends the requests.
    /// - Throws: `HTTPURL.Fault` if the issuer is not a URL.
    package init(
        issuer: String,
        keys: HTTPURL? = nil,
        http: @escaping AuthHTTP
    ) throws(HTTPURL.Fault) {
        self.issuer = try HTTPURL(issuer)
        issuerName = issuer
        self.keys = keys
        settings = AuthorizationSettings(
            server: self.issuer,
            allowedHosts: keys.map { [$0.host] } ?? []
        )
        self.http = http
    }

    /// Fetches the keys.
    package func fetch() async -> Result<KeySet, Fault> {
        do throws(Fault) {
            var url = keys
            if url == nil { url = try await keysURL() }
            guard let url else { throw Fault(reason: "the metadata of \(issuerName) has no jwks_uri") }
            guard let set = KeySet(try await document(at: url)) else {
                throw Fault(reason: "\(url) is not a set of keys")
            }
            return .success(set)
        } catch {
            return .failure(error)
        }
    }

    private func keysURL() async throws(Fault) -> HTTPURL? {
        var search = MetadataSearch(
            .serverMetadata,
            rule: .serverMetadata,
            at: WellKnown.server(issuer),
            policy: settings.policy,
            redirects: settings.limits.redirects
        ) { [issuerName] document throws(MetadataSearch.Rejection) in
            guard document["issuer"]?.string == issuerName else {
                throw .init(
                    kind: .issuerMismatch,
                    reason: "its issuer is not \(issuerName)",
                    rule: .issuerMatch,
                    isFinal: true
                )
            }
            return nil
        }
        while let url = search.next { _ = search.receive(await outcome(of: url)) }
        guard let document = search.found else {
            throw Fault(reason: search.rejection?.message ?? "\(issuerName) has no metadata")
        }
        guard let text = document["jwks_uri"]?.string else { return nil }
        do throws(HTTPURL.Fault) {
            return try HTTPURL(text)
        } catch {
            throw Fault(reason: "the jwks_uri of \(issuerName) \(error)")
        }
    }

    private func document(at url: HTTPURL) async throws(Fault) -> JSONObject {
        let response: AuthResponse
        switch await outcome(of: url) {
        case .failure(let failure): throw Fault(reason: failure.message)
        case .success(let received): response = received
        }
        guard response.status == 200 else { throw Fault(reason: "\(url) returned status \(response.status)") }
        switch JSONBody.object(response) {
        case .success(let object): return object
        case .failure(let fault): throw Fault(reason: "\(url) returned \(fault.reason)")
        }
    }

    private func outcome(of url: HTTPURL) async -> MetadataSearch.Outcome {
        if let refusal = settings.policy.refusal(of: url) { return .failure(refusal) }
        do throws(AuthHTTPFailure) {
            return .success(try await http(.metadata(url)))
        } catch {
            return .failure(error)
        }
    }
}
