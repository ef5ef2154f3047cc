import JSON
import MCPHTTP

/// The search for a metadata document at a list of URLs, as a value: the owner sends ``next`` and passes the outcome to
/// ``receive(_:)``.
///
/// Redirects within the origin are followed, others are refused.
struct MetadataSearch: Sendable {
    /// What a document is checked for; returns a warning about a usable document.
    typealias Check = @Sendable (JSONObject) throws(Rejection) -> Remark?

    /// What is wrong with a document that can be used.
    struct Remark {
        var text: String
        var problem: AuthProblem
        var rule: AuthRule
        var advice: String
    }

    /// Why a document is not used.
    struct Rejection: Error {
        var kind: AuthFailure.Kind
        var reason: String
        var rule: AuthRule
        /// Whether the search ends.
        var isFinal: Bool
        var problem = AuthProblem.metadataMalformed
        var advice: String?
    }

    /// The outcome of one request.
    typealias Outcome = Result<AuthResponse, AuthHTTPFailure>

    private let purpose: AuthStep.Purpose
    private let rule: AuthRule
    private let policy: AddressPolicy
    private let check: Check
    private var redirectsLeft: Int
    private let redirectLimit: Int
    private var rest: [HTTPURL]
    /// The request to send; nil when the search is over.
    private(set) var next: HTTPURL?
    /// The document that was found.
    private(set) var found: JSONObject?
    /// The first document that was rejected.
    private(set) var rejected: JSONObject?
    /// Why the first rejected document was not used, or why the search ended; a missing document is not rejected.
    private(set) var rejection: AuthFailure?

    init(
        _ purpose: AuthStep.Purpose,
        rule: AuthRule,
        at urls: [HTTPURL],
        policy: AddressPolicy,
        redirects: Int,
        check: @escaping Check
    ) {
        self.purpose = purpose
        self.rule = rule
        self.policy = policy
        self.check = check
        redirectLimit = redirects
        redirectsLeft = redirects
        rest = urls
        advance()
    }

    private static let documentAdvice = "Answer with the metadata as JSON (application/json), or with 404."

    private mutating func reject(_ failure: AuthFailure) {
        rejection = rejection ?? failure
    }

    private mutating func advance() {
        redirectsLeft = redirectLimit
        next = rest.isEmpty ? nil : rest.removeFirst()
    }

    /// Takes the outcome of the request to ``next`` and returns the step to record.
    mutating func receive(_ outcome: Outcome) -> AuthStep? {
        guard let url = next else { return nil }
        switch outcome {
        case .failure(let failure):
            let kind: AuthFailure.Kind = failure.isRefusedAddress ? .refusedAddress : .unreachable
            let rule = failure.isRefusedAddress ? AuthRule.addresses : rule
            reject(AuthFailure(kind, failure.message, advice: failure.advice, rule: rule))
            if failure.isNoServer { rest.removeAll { $0.origin == url.origin } }
            advance()
            let problem: AuthProblem = failure.isRefusedAddress ? .refusedAddress : .unreachable
            return step(url, nil, .fault, failure.message, problem, advice: failure.advice, rule: rule)
        case .success(let response) where (300..<400).contains(response.status):
            return redirect(response, from: url)
        case .success(let response) where response.status != 200:
            advance()
            let isUsual = response.status == 404
            return step(
                url,
                response.status,
                isUsual ? .absent : .fault,
                "no document",
                isUsual ? nil : .metadataMalformed,
                advice: isUsual ? nil : "Answer with 200 and the document, or with 404. No token may be needed for it."
            )
        case .success(let response): return read(response, from: url)
        }
    }

    private mutating func redirect(_ response: AuthResponse, from url: HTTPURL) -> AuthStep {
        guard let location = response.values(of: "Location").first else {
            advance()
            return step(
                url,
                response.status,
                .fault,
                "a redirect without Location",
                .metadataRedirected,
                advice: Self.documentAdvice
            )
        }
        let shown = Redaction.reference(location)
        let target: HTTPURL
        do throws(HTTPURL.Fault) {
            target = try url.resolving(location)
        } catch {
            advance()
            return step(
                url,
                response.status,
                .fault,
                "a redirect to \(shown), which \(error)",
                .metadataRedirected,
                advice: Self.documentAdvice
            )
        }
        guard target.origin == url.origin else {
            let message = "a redirect to another origin: \(shown)"
            reject(
                AuthFailure(
                    .refusedAddress,
                    "\(url) returned \(message)",
                    advice: "Serve the metadata at \(url) itself.",
                    rule: .addresses
                )
            )
            advance()
            return step(
                url,
                response.status,
                .fault,
                message,
                .metadataRedirected,
                advice: "Serve the metadata at \(url) itself.",
                rule: .addresses
            )
        }
        guard redirectsLeft > 0 else {
            advance()
            return step(
                url,
                response.status,
                .fault,
                "more than \(redirectLimit) redirects",
                .metadataRedirected,
                advice: Self.documentAdvice
            )
        }
        redirectsLeft -= 1
        next = target
        return step(
            url,
            response.status,
            .warning,
            "a redirect to \(shown)",
            .metadataRedirected,
            advice: "Serve the document at \(url) itself: many clients do not follow redirects."
        )
    }

    private mutating func read(_ response: AuthResponse, from url: HTTPURL) -> AuthStep {
        let document: JSONObject
        switch JSONBody.object(response) {
        case .success(let object): document = object
        case .failure(let fault):
            reject(
                AuthFailure(
                    .malformedResponse,
                    "\(url) returned \(fault.reason)",
                    advice: Self.documentAdvice,
                    rule: rule
                )
            )
            advance()
            return step(url, response.status, .fault, fault.reason, .metadataMalformed, advice: Self.documentAdvice)
        }
        do throws(Rejection) {
            let remark = try check(document)
            (found, rejection, next, rest) = (document, nil, nil, [])
            guard let remark else { return step(url, response.status, .ok, "a valid document") }
            return step(
                url,
                response.status,
                .warning,
                remark.text,
                remark.problem,
                advice: remark.advice,
                rule: remark.rule
            )
        } catch {
            if error.isFinal { (rest, rejection) = ([], nil) }
            reject(
                AuthFailure(
                    error.kind,
                    "the document at \(url) is not used: \(error.reason)",
                    advice: error.advice,
                    rule: error.rule
                )
            )
            rejected = rejected ?? document
            advance()
            return step(
                url,
                response.status,
                .fault,
                error.reason,
                error.problem,
                advice: error.advice,
                rule: error.rule
            )
        }
    }

    private func step(
        _ url: HTTPURL,
        _ status: Int?,
        _ verdict: AuthStep.Verdict,
        _ found: String,
        _ problem: AuthProblem? = nil,
        advice: String? = nil,
        rule: AuthRule? = nil
    ) -> AuthStep {
        AuthStep(
            purpose,
            verdict,
            rule ?? self.rule,
            found,
            request: "GET \(url)",
            status: status,
            problem: problem,
            advice: advice
        )
    }
}
