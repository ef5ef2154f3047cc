/// How much of a report its reader wants to see.
public struct ReportView: Sendable, Hashable {
    /// How much of it becomes structured content.
    public enum Structure: String, Sendable, CaseIterable {
        /// Everything, unless it is very large.
        case automatic
        /// Everything, however large.
        case whole
        /// As much as the text may have.
        case bounded
    }

    /// The default budget of the text in tokens.
    public static let defaultTokens = 1500
    /// The largest budget of the text in tokens.
    public static let maximumTokens = 24_000
    /// The size in bytes up to which structured content is whole without being asked for.
    static let structureLimit = 100 << 10

    /// Whether everything is shown, or only the result; if omitted, what fits the budget.
    public var isVerbose: Bool?
    /// The budget of the text in tokens, of four bytes each; if omitted, the default, or the maximum if verbose.
    public var tokens: Int?
    /// How much of it becomes structured content.
    public var structure: Structure
    /// How it refers to tools.
    public var wording = Wording.tools

    /// Creates a view.
    public init(isVerbose: Bool? = nil, tokens: Int? = nil, structure: Structure = .automatic) {
        self.isVerbose = isVerbose
        self.tokens = tokens
        self.structure = structure
    }

    /// The budget of the text in bytes.
    var textBytes: Int {
        4 * min(tokens ?? (isVerbose == true ? Self.maximumTokens : Self.defaultTokens), Self.maximumTokens)
    }

    /// The budget in bytes of a payload beside what every report has.
    public var payloadBytes: Int { max(textBytes - 400, 400) }

    /// The budget of the structured content in bytes; `nil` if there is none.
    var structuredBytes: Int? {
        switch structure {
        case .whole: nil
        case .automatic: isVerbose == true ? nil : Self.structureLimit
        case .bounded: textBytes
        }
    }

    /// The detail that is shown as text.
    var detail: Report.Detail {
        switch isVerbose {
        case nil: .standard
        case true?: .full
        case false?: .core
        }
    }
}
