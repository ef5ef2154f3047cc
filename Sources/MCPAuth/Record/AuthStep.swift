public import JSON

/// One step of an authorization, kept as evidence.
///
/// Contains no secrets.
public struct AuthStep: Sendable {
    /// What a step is for.
    public enum Purpose: String, Sendable, Hashable {
        /// A request to the server itself.
        case server
        /// Reading the challenge of a 401 or 403 response.
        case challenge
        /// Protected resource metadata.
        case resourceMetadata = "resource_metadata"
        /// Authorization server metadata.
        case serverMetadata = "server_metadata"
        /// Choosing or registering a client.
        case registration
        /// Choosing scopes.
        case scope
        /// The authorization request, which the user's browser sends.
        case authorization
        /// The redirect back.
        case callback
        /// The device authorization request.
        case deviceAuthorization = "device_authorization"
        /// A token request.
        case token
        /// What a browser may send from another origin.
        case crossOrigin = "cross_origin"
    }

    /// How what was found relates to the rule.
    public enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// It follows the rule.
        case ok
        /// Nothing was found, and the rule allows that.
        case absent
        /// It breaks the rule, and the client goes on.
        case warning
        /// It breaks the rule, and what was found is not used.
        case fault
    }

    /// What it is for.
    public var purpose: Purpose
    /// The request as `METHOD URL`; nil for a step without one.
    public var request: String?
    /// The status of the response; nil if there was none.
    public var status: Int?
    /// What the specification says here; nil if no rule is concerned, such as when a server cannot be reached.
    public var rule: AuthRule?
    /// The documentation of the host that requires this; nil if the rule does.
    public var source: String?
    /// What was found, as a clause that starts in lower case.
    public var found: String
    /// The verdict.
    public var verdict: Verdict
    /// What is wrong, from a closed list; nil if nothing is.
    public var problem: AuthProblem?
    /// What to do about it; nil if there is nothing to do.
    public var advice: String?

    /// The request and what was found, with the URL only once.
    public var summary: String {
        guard let request else { return found }
        let url = request.split(separator: " ").dropFirst().first.map { "\($0) " } ?? ""
        let isRepeated = !url.isEmpty && found.hasPrefix(url)
        return "\(request): \(isRepeated ? String(found.dropFirst(url.count)) : found)"
    }

    /// The step as a report shows it.
    public var json: JSONObject {
        var object: JSONObject = ["purpose": .string(purpose.rawValue)]
        if let request { object["request"] = .string(request) }
        if let status { object["status"] = JSONValue(status) }
        object["found"] = .string(found)
        object["verdict"] = .string(verdict.rawValue)
        if let problem { object["problem"] = .string(problem.rawValue) }
        for member in citation.members { object[member.key] = member.value }
        if let advice { object["advice"] = .string(advice) }
        return object
    }

    /// The rule and its page; empty if no rule is concerned.
    public var citation: JSONObject {
        guard let rule else { return [:] }
        return ["rule": .string(rule.row.requirement), "source": .string(source ?? rule.source)]
    }

    init(
        _ purpose: Purpose,
        _ verdict: Verdict,
        _ rule: AuthRule?,
        _ found: String,
        request: String? = nil,
        status: Int? = nil,
        problem: AuthProblem? = nil,
        source: String? = nil,
        advice: String? = nil
    ) {
        self.purpose = purpose
        self.verdict = verdict
        self.rule = problem == .unreachable ? nil : rule
        self.found = found
        self.request = request
        self.status = status
        self.problem = problem
        self.source = source
        self.advice = advice
    }
}
