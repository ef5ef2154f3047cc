public import JSON
public import MCPClient

/// How the questions of a target are met that no prepared answer settles, kind by kind.
///
/// Declared to the target is what is not off.
public struct InputPolicy: Sendable, Hashable {
    /// The ways to meet a question.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The user is asked: the call says what the target wants to know, and waits.
        case ask
        /// The answer is no.
        case decline
        /// A form is accepted as it stands: defaults where it has them, else the first value that fits; elicitation only.
        case acceptDefaults = "accept_defaults"
        /// The host is asked in its own way where it can be, else the user as with ``ask``.
        case forward
        /// Our model is asked, and the user as with ``ask`` where it does not answer; sampling only.
        case llm
        /// The target is told that nobody can be asked: the capability is not declared.
        case off
    }

    /// What the user is asked.
    public var elicitation = Rule.ask
    /// What our model is asked.
    public var sampling = Rule.ask
    /// Our root directories.
    public var roots = Rule.ask
    /// The root directories that are told without asking anybody, each an object with `uri`.
    public var givenRoots: [JSONObject]?

    /// Creates the usual policy: everything is asked.
    public init() {}

    /// The way for a kind.
    public subscript(kind: ReceivedInputRequest.Kind) -> Rule {
        get {
            switch kind {
            case .elicitation: elicitation
            case .sampling: sampling
            case .roots: roots
            }
        }
        set {
            switch kind {
            case .elicitation: elicitation = newValue
            case .sampling: sampling = newValue
            case .roots: roots = newValue
            }
        }
    }

    /// Sets the way for a kind, both by the names that users give.
    ///
    /// - Throws: ``Failure`` of the class `usage` that says what could be given.
    public mutating func set(_ kind: String, _ rule: String) throws(Failure) {
        guard let asked = ReceivedInputRequest.Kind(rawValue: kind) else {
            let kinds = ReceivedInputRequest.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("Servers ask for nothing called \"\(kind)\".", nextStep: "Give one of: \(kinds).")
        }
        let rules = Rule.allCases.filter { $0.fits(asked) }
        guard let chosen = rules.first(where: { $0.rawValue == rule }) else {
            let names = rules.map(\.rawValue).joined(separator: ", ")
            throw .usage("\"\(rule)\" is no policy for \(kind).", nextStep: "Give one of: \(names).")
        }
        self[asked] = chosen
    }

    /// Whether any question is for our model.
    var usesModel: Bool { sampling == .llm }
}

extension InputPolicy.Rule {
    fileprivate func fits(_ kind: ReceivedInputRequest.Kind) -> Bool {
        switch self {
        case .acceptDefaults: kind == .elicitation
        case .llm: kind == .sampling
        case .ask, .decline, .forward, .off: true
        }
    }
}
