/// When to use colors.
enum ColorChoice: String, CaseIterable, Sendable {
    /// On a terminal that supports them.
    case auto
    case always
    case never
}

/// How text is printed: in colors or not, and how wide.
struct Style: Sendable, Equatable {
    var isColored: Bool
    /// The columns that a line may use; nil if lines are not broken.
    var width: Int?

    static let plain = Style(isColored: false)

    init(isColored: Bool, width: Int? = nil) {
        self.isColored = isColored
        self.width = width
    }

    /// Decides by the option, then by NO_COLOR and CLICOLOR_FORCE, then by the terminal.
    ///
    /// Source: no-color.org and bixense.com/clicolors.
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
