package import MCP
import MCPTransport

/// One rule for servers, and how it is checked.
package struct Check: Sendable {
    /// How strictly the specification words the rule.
    package enum Level: String, Sendable, CaseIterable, Comparable {
        /// A rule that every server must follow: "MUST", or stated as a fact.
        case must
        /// A recommendation of the specification: "SHOULD".
        case should
        /// Good practice that the specification does not ask for.
        case advice

        /// Orders levels from advice to must.
        package static func < (one: Level, other: Level) -> Bool { one.rank < other.rank }

        private var rank: Int {
            switch self {
            case .advice: 0
            case .should: 1
            case .must: 2
            }
        }
    }

    /// The transports that a rule is about.
    package enum Transports: String, Sendable {
        /// Every transport.
        case any
        /// Streamable HTTP.
        case http
        /// Standard input and output.
        case stdio
        /// HTTP+SSE of the first revision.
        case sse

        func contains(_ kind: TransportKind) -> Bool {
            switch self {
            case .any: true
            case .http: kind == .streamableHTTP
            case .stdio: kind == .stdio
            case .sse: kind == .sse
            }
        }
    }

    /// When a check runs among the others.
    enum Phase: Int, Sendable, Comparable {
        /// Sends something and looks at the response.
        case active
        /// Looks at everything that all other checks have received.
        case passive

        static func < (one: Phase, other: Phase) -> Bool { one.rawValue < other.rawValue }
    }

    /// The revisions that have the rule.
    package struct Revisions: Sendable, Equatable {
        /// The first and the last one.
        package let range: ClosedRange<Revision>

        static let all = Revisions(range: .earliest ... .latest)
        static let legacy = Revisions(range: .earliest ... .latestLegacy)
        static let modern = Revisions(range: .v2026_07_28 ... .latest)

        static func since(_ first: Revision) -> Revisions { Revisions(range: first ... .latest) }
        static func only(_ revision: Revision) -> Revisions { Revisions(range: revision...revision) }
        static func from(_ first: Revision, through last: Revision) -> Revisions { Revisions(range: first...last) }
    }

    /// The number of the rule in the list of `Documentation/Checks.md`.
    package let row: String
    /// The name of the check: that of the official conformance suite if it has one for the rule.
    package let id: String
    package let level: Level
    /// The page of the specification that states the rule; nil for good practice.
    package let page: SpecificationPage?
    package let revisions: Revisions
    package let transports: Transports
    /// The capabilities of the server without which the rule does not apply, as paths such as `resources.subscribe`.
    package let needs: [String]
    let phase: Phase
    /// The rule, as a sentence about a correct server.
    package let rule: String
    /// Returns if the server follows the rule, and throws ``Verdict/Stop`` otherwise.
    let body: @Sendable (Probe) async throws -> Void

    init(
        _ row: String,
        _ id: String,
        _ level: Level,
        _ page: SpecificationPage?,
        in revisions: Revisions = .all,
        on transports: Transports = .any,
        needs: String...,
        phase: Phase = .active,
        rule: String,
        _ body: @escaping @Sendable (Probe) async throws -> Void
    ) {
        self.row = row
        self.id = id
        self.level = level
        self.page = page
        self.revisions = revisions
        self.transports = transports
        self.needs = needs
        self.phase = phase
        self.rule = rule
        self.body = body
    }
}
