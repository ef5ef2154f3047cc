/// A key of a `_meta` object: an optional prefix of labels, a slash and a name.
///
/// Source: 2026-07-28, basic protocol, "_meta"; the grammar is that of 2025-06-18.
public struct MetaKey: OpenSet {
    /// The key as written in the object.
    public let rawValue: String

    /// Creates a key, valid or not.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The revision of the request; on every stateless request.
    public static let protocolVersion: MetaKey = "io.modelcontextprotocol/protocolVersion"
    /// The client's capabilities; on every stateless request.
    public static let clientCapabilities: MetaKey = "io.modelcontextprotocol/clientCapabilities"
    /// The client's name and version.
    public static let clientInfo: MetaKey = "io.modelcontextprotocol/clientInfo"
    /// The minimum level of log messages while the server handles the request.
    public static let logLevel: MetaKey = "io.modelcontextprotocol/logLevel"
    /// The server's name and version; on results.
    public static let serverInfo: MetaKey = "io.modelcontextprotocol/serverInfo"
    /// The ID of the `subscriptions/listen` request that a notification belongs to.
    public static let subscriptionID: MetaKey = "io.modelcontextprotocol/subscriptionId"
    /// The task that a message belongs to; tasks of 2025-11-25 only.
    public static let relatedTask: MetaKey = "io.modelcontextprotocol/related-task"
    /// A text for the model while the task runs; tasks of 2025-11-25 only.
    public static let modelImmediateResponse: MetaKey = "io.modelcontextprotocol/model-immediate-response"
    /// The token that links progress notifications to a request.
    public static let progressToken: MetaKey = "progressToken"
    /// The trace that the request belongs to (W3C Trace Context).
    public static let traceParent: MetaKey = "traceparent"
    /// Vendor data of the trace (W3C Trace Context).
    public static let traceState: MetaKey = "tracestate"
    /// Properties that travel with the trace (W3C Baggage).
    public static let baggage: MetaKey = "baggage"

    /// The labels before the slash; empty if there is no slash.
    public var labels: [Substring] {
        guard let slash = rawValue.firstIndex(of: "/") else { return [] }
        return rawValue[..<slash].split(separator: ".", omittingEmptySubsequences: false)
    }

    /// The part after the first slash, or the whole key.
    public var name: Substring {
        rawValue.firstIndex(of: "/").map { rawValue[rawValue.index(after: $0)...] } ?? rawValue[...]
    }

    /// Whether the key follows the grammar: labels start with a letter, labels and name end with a letter or digit.
    public var isWellFormed: Bool {
        labels.allSatisfy(Self.isLabel) && Self.isName(name)
    }

    /// Whether a revision reserves the key's prefix for the protocol itself.
    public func isReserved(in revision: Revision) -> Bool {
        let ours: Set<Substring> = ["modelcontextprotocol", "mcp"]
        if revision < .v2025_06_18 { return false }
        if revision < .v2025_11_25 { return labels.dropLast().contains(where: ours.contains) }
        return labels.dropFirst().first.map(ours.contains) ?? false
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard let first = label.utf8.first, let last = label.utf8.last else { return false }
        return first.isASCIILetter && (last.isASCIILetter || last.isASCIIDigit)
            && label.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
    }

    private static func isName(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, let last = name.utf8.last else { return true }
        return [first, last].allSatisfy { $0.isASCIILetter || $0.isASCIIDigit }
            && name.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "-_.".utf8.contains($0) }
    }
}
