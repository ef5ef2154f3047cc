/// A dated version of the protocol, in chronological order.
///
/// Versions on the wire are arbitrary strings. An unknown one is not a `Revision`, so it never compares as newer.
/// Source: 2026-07-28, "Versioning".
public enum Revision: String, CaseIterable, Comparable, Hashable, Sendable {
    /// The first revision: stdio, and HTTP with server-sent events.
    case v2024_11_05 = "2024-11-05"
    /// Streamable HTTP, batches, tool annotations, audio.
    case v2025_03_26 = "2025-03-26"
    /// Elicitation, structured results, resource links; batches are removed.
    case v2025_06_18 = "2025-06-18"
    /// Icons, elicitation by URL, tools in sampling, experimental tasks.
    case v2025_11_25 = "2025-11-25"
    /// Stateless: every request carries its version, and there is no handshake.
    case v2026_07_28 = "2026-07-28"

    /// The two ways in which connections work.
    public enum Era: Sendable, Hashable {
        /// `initialize` opens a session that has one version.
        case legacy
        /// Every request is self-contained.
        case modern
    }

    /// The revision with this name, or nil if it is unknown.
    public init?(wireName: String) {
        self.init(rawValue: wireName)
    }

    /// The name on the wire.
    public var wireName: String { rawValue }

    /// The era, which decides how connections of this revision work.
    public var era: Era { has(.initializeHandshake) ? .legacy : .modern }

    /// The oldest revision.
    public static let earliest: Revision = .v2024_11_05
    /// The newest revision.
    public static let latest: Revision = .v2026_07_28
    /// The newest revision with a handshake.
    public static let latestLegacy: Revision = .v2025_11_25

    /// Orders revisions chronologically.
    public static func < (one: Revision, other: Revision) -> Bool {
        one.position < other.position
    }

    /// The position of the revision in chronological order.
    package var position: Int {
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
