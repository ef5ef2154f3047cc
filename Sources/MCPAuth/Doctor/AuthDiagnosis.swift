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
    /// Faults that only some clients stop at come after those that stop every client. What is wrong at several URLs for the
    /// same reason is one problem.
    public var problems: [AuthStep] {
        var seen: Set<String> = []
        let wrong = steps.filter { step in
            guard let problem = step.problem else { return false }
            return seen.insert("\(problem.rawValue) \(step.purpose.rawValue) \(step.found)").inserted
        }
        let faults = wrong.filter { $0.verdict == .fault }
        // Many clients, such as this program, go on at the well-known place.
        let isAvoidable = { (step: AuthStep) in step.problem == .challengeMetadata }
        return faults.filter { !isAvoidable($0) } + faults.filter(isAvoidable)
            + wrong.filter { $0.verdict == .warning }
    }

    /// The step whose problem is to be fixed first; nil if the server is in order.
    ///
    /// The steps are in the order in which a client takes them, so that the first fault is what stops a client.
    public var first: AuthStep? { unreachable ?? problems.first }

    /// The request to the server itself that got no response; nil if it got one.
    public var unreachable: AuthStep? { problems.first { $0.problem == .unreachable && $0.purpose == .server } }

    /// Whether only clients that look for the metadata at the well-known place find it, because no challenge leads there.
    ///
    /// Clients of 2025-06-18 depend on the challenge.
    public var needsWellKnown: Bool {
        !hasFault && problems.contains { $0.purpose == .challenge && $0.problem == .challengeMissing }
    }

    /// Whether a client could have been registered, and was not.
    public var isRegistrationUntried: Bool { steps.contains { $0.purpose == .registration && $0.verdict == .absent } }

    /// Whether no endpoint allows web pages, and nothing says that one needs to.
    public var lacksCrossOrigin: Bool { steps.contains { $0.purpose == .crossOrigin && $0.verdict == .absent } }

    /// Whether only clients that use the server's origin as its authorization server can connect, as in the first revision.
    public var needsFallback: Bool {
        let faults = steps.filter { $0.verdict == .fault }
        return isServerAtOrigin && !faults.isEmpty
            && faults.allSatisfy { $0.problem == .resourceMetadataMissing || $0.problem == .resourceMetadataMisplaced }
    }

    /// Whether a client that follows the specification can be stopped.
    public var hasFault: Bool { first?.verdict == .fault }
}
