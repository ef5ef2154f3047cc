/// A dated version of the protocol that this library knows, from the oldest to the newest.
///
/// A version on the wire is any string; one that is not listed here is no `Revision` and so never compares as newer.
/// Source: 2026-07-28, "Versioning".
public enum Revision: String, CaseIterable, Comparable, Hashable, Sendable {
    /// The first: HTTP with server-sent events beside stdio.
    case v2024_11_05 = "2024-11-05"
    /// Streamable HTTP, batches, tool annotations, audio.
    case v2025_03_26 = "2025-03-26"
    /// Elicitation, structured results, resource links; no batches any more.
    case v2025_06_18 = "2025-06-18"
    /// Icons, URLs in elicitation, tools in sampling, experimental tasks.
    case v2025_11_25 = "2025-11-25"
    /// Stateless: every request carries its version, and there is no handshake.
    case v2026_07_28 = "2026-07-28"

    /// The two ways in which a connection works.
    public enum Era: Sendable, Hashable {
        /// `initialize` opens a session that has one version.
        case legacy
        /// Every request stands for itself.
        case modern
    }

    /// The revision of that name, or nothing if there is none.
    public init?(wireName: String) {
        self.init(rawValue: wireName)
    }

    /// The name on the wire.
    public var wireName: String { rawValue }

    /// How connections of this revision work.
    public var era: Era { has(.initializeHandshake) ? .legacy : .modern }

    /// The oldest revision.
    public static let earliest: Revision = .v2024_11_05
    /// The newest revision.
    public static let latest: Revision = .v2026_07_28
    /// The newest revision with a handshake.
    public static let latestLegacy: Revision = .v2025_11_25

    /// Orders by age.
    public static func < (one: Revision, other: Revision) -> Bool {
        one.position < other.position
    }

    /// The revision's place in the order of time.
    var position: Int {
        switch self {
        case .v2024_11_05: 0
        case .v2025_03_26: 1
        case .v2025_06_18: 2
        case .v2025_11_25: 3
        case .v2026_07_28: 4
        }
    }
}

extension Revision: CustomStringConvertible {
    /// The name on the wire.
    public var description: String { wireName }
}
