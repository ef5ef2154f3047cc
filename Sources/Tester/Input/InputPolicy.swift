public import JSON
public import MCPClient

/// What to do when a target requests input that no prepared answer provides, per kind.
///
/// Every kind whose rule is not `off` is declared to the target as a capability.
public struct InputPolicy: Sendable, Hashable {
    /// What to do with an input request.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// Report it to the user; the call waits for the answer.
        case ask
        /// Decline it.
        case decline
        /// Accept a form with its defaults, or else the first valid values; elicitation only.
        case acceptDefaults = "accept_defaults"
        /// Forward it to the host if that can be asked, or else ``ask``.
        case forward
        /// Have the configured model respond, or else ``ask``; sampling only.
        case llm
        /// Do not declare the capability.
        case off

        fileprivate func applies(to kind: ReceivedInputRequest.Kind) -> Bool {
            switch self {
            case .acceptDefaults: kind == .elicitation
            case .llm: kind == .sampling
            case .ask, .decline, .forward, .off: true
            }
        }
    }

    /// The root directories that are sent without asking, each an object with `uri`.
    public var givenRoots: [JSONObject]?
    private var rules: [ReceivedInputRequest.Kind: Rule] = [:]

    /// Creates the default policy: `ask` for every kind.
    public init() {}

    /// The rule for a kind.
    public subscript(kind: ReceivedInputRequest.Kind) -> Rule {
        get { rules[kind] ?? .ask }
        set { rules[kind] = newValue }
    }

    /// Sets the rule for a kind, both by the names that users give.
    ///
    /// - Throws: ``Failure`` of the class `usage` that lists the valid names.
    public mutating func set(_ kind: String, _ rule: String) throws(Failure) {
        guard let known = ReceivedInputRequest.Kind(rawValue: kind) else {
            let kinds = ReceivedInputRequest.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("Unknown kind of input request \"\(kind)\".", nextStep: "Use one of: \(kinds).")
        }
        let rules = Rule.allCases.filter { $0.applies(to: known) }
        guard let chosen = rules.first(where: { $0.rawValue == rule }) else {
            let names = rules.map(\.rawValue).joined(separator: ", ")
            throw .usage("Unknown input policy \"\(rule)\" for \(kind).", nextStep: "Use one of: \(names).")
        }
        self[known] = chosen
    }

    /// Whether the configured model is needed.
    public var usesModel: Bool { self[.sampling] == .llm }
}
