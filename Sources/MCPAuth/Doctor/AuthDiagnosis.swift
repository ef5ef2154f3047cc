/// What an examination found.
public struct AuthDiagnosis: Sendable {
    /// Everything that was tried, in order.
    public var steps: [AuthStep]
    /// Whether the server demands a token.
    public var isDemanded: Bool
    /// The issuer whose metadata can be used; nil if there is none.
    public var issuer: String?
    /// The ID of the client that was registered; nil if none was.
    public var registeredClient: String?
    /// Whether clients find no metadata of the resource, but find that of the authorization server at the server's origin.
    var isServerAtOrigin: Bool

    /// The steps in which something is wrong, faults before warnings, each in order.
    ///
    /// What is wrong at several URLs for the same reason is one problem.
    public var problems: [AuthStep] {
        var seen: Set<String> = []
        let wrong = steps.filter { step in
            guard let problem = step.problem else { return false }
            return seen.insert("\(problem.rawValue) \(step.purpose.rawValue) \(step.found)").inserted
        }
        return wrong.filter { $0.verdict == .fault } + wrong.filter { $0.verdict == .warning }
    }

    /// The step whose problem is to be fixed first; nil if the server is in order.
    ///
    /// The steps are in the order in which a client takes them, so that the first fault is what stops a client.
    public var first: AuthStep? { problems.first }

    /// Whether only clients that use the server's origin as its authorization server can connect, as in the first revision.
    public var needsFallback: Bool {
        let faults = steps.filter { $0.verdict == .fault }
        return isServerAtOrigin && !faults.isEmpty
            && faults.allSatisfy { $0.problem == .resourceMetadataMissing || $0.problem == .resourceMetadataMisplaced }
    }

    /// Whether a client that follows the specification can be stopped.
    public var hasFault: Bool { problems.first?.verdict == .fault }
}
