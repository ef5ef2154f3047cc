/// When to use colors.
enum ColorChoice: String, CaseIterable, Sendable {
    /// On a terminal that understands them.
    case auto
    /// Everywhere.
    case always
    /// Nowhere.
    case never
}

/// How a text looks: in colors or without.
struct Style: Sendable, Equatable {
    /// Tells whether escape sequences are written.
    var isColored: Bool

    /// No colors.
    static let plain = Style(isColored: false)

    init(isColored: Bool) {
        self.isColored = isColored
    }

    /// Decides by what the user said, then by the conventions of terminals.
    ///
    /// Source: no-color.org and the CLICOLOR convention; a word on the command line stands above both.
    init(_ choice: ColorChoice, environment: Environment, isTerminal: Bool) {
        isColored =
            switch choice {
            case .always: true
            case .never: false
            case .auto:
                if environment[terminal: "NO_COLOR"] != nil {
                    false
                } else if environment[terminal: "CLICOLOR_FORCE"].map({ $0 != "0" }) ?? false {
                    true
                } else {
                    isTerminal && environment[terminal: "TERM"] != "dumb"
                }
            }
    }

    /// What a piece of text is for.
    enum Role: Sendable {
        case plain
        case good
        case bad
        case doubtful
        case heading
        case name
        case faint
    }

    func applied(_ role: Role, to text: String) -> String {
        guard isColored, let code = role.code else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

extension Style.Role {
    fileprivate var code: String? {
        switch self {
        case .plain: nil
        case .good: "1;32"
        case .bad: "1;31"
        case .doubtful: "1;33"
        case .heading: "1"
        case .name: "36"
        case .faint: "2"
        }
    }
}
