/// Reads regular expressions of ECMA-262 with Unicode semantics.
///
/// Like browsers, and beyond the grammar, it accepts literal `{`, `}` and `]` and needless escapes of punctuation:
/// schemas in the wild rely on them. Source: ECMA-262, 22.2.1 and annex B.1.2.
struct PatternParser {
    private static let maximumNesting = 100

    var scalars: [Unicode.Scalar]
    var position = 0
    private(set) var groupCount = 0
    private(set) var groupNames: [String: Int] = [:]
    private(set) var hasBackreference = false
    private var nesting = 0

    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try parseChoice()
        guard position == scalars.count else { throw fault("has an unmatched ')'") }
        return node
    }

    // MARK: - Steps

    var next: Unicode.Scalar? {
        position < scalars.count ? scalars[position] : nil
    }

    mutating func skip(_ text: String) -> Bool {
        guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    func fault(_ reason: String) -> PatternError {
        PatternError(reason: reason, offset: position)
    }

    // MARK: - Structure

    private mutating func parseChoice() throws(PatternError) -> PatternNode {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.maximumNesting else { throw fault("nests groups deeper than \(Self.maximumNesting)") }
        var alternatives = [try parseSequence()]
        while skip("|") { alternatives.append(try parseSequence()) }
        return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
    }

    private mutating func parseSequence() throws(PatternError) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let isAssertion = scalar == "^" || scalar == "$"
            let atom = try parseAtom()
            let quantified = try parseQuantifier(of: atom)
            if isAssertion, case .loop = quantified { throw fault("repeats '\(scalar)'") }
            parts.append(quantified)
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func parseQuantifier(of atom: PatternNode) throws(PatternError) -> PatternNode {
        let count: ClosedRange<Int>
        switch next {
        case "*": count = 0...PatternNode.endless
        case "+": count = 1...PatternNode.endless
        case "?": count = 0...1
        case "{":
            guard let bounds = try parseBounds() else { return atom }
            return .loop(atom, count: bounds, isLazy: skip("?"))
        default: return atom
        }
        position += 1
        return .loop(atom, count: count, isLazy: skip("?"))
    }

    /// Reads `{n}`, `{n,}` or `{n,m}`.
    ///
    /// Returns nil if the brace is literal.
    private mutating func parseBounds() throws(PatternError) -> ClosedRange<Int>? {
        let start = position
        position += 1
        guard let lower = parseNumber() else {
            position = start
            return nil
        }
        var upper = lower
        if skip(",") { upper = parseNumber() ?? PatternNode.endless }
        guard skip("}") else {
            position = start
            return nil
        }
        guard lower <= upper else { throw fault("has a repetition whose bounds are in the wrong order") }
        return lower...upper
    }

    mutating func parseNumber() -> Int? {
        let start = position
        while let scalar = next, ("0"..."9").contains(scalar) { position += 1 }
        guard position > start else { return nil }
        let digits = String(String.UnicodeScalarView(scalars[start..<position]))
        return Int(digits) ?? PatternNode.endless
    }

    private mutating func parseAtom() throws(PatternError) -> PatternNode {
        let scalar = scalars[position]
        switch scalar {
        case "^":
            position += 1
            return .start
        case "$":
            position += 1
            return .end
        case ".":
            position += 1
            return .scalar(.anyButLineTerminators)
        case "(": return try parseGroup()
        case "[": return .scalar(try parseClass())
        case "\\": return try parseEscapedAtom()
        case "*", "+", "?": throw fault("has '\(scalar)' with nothing to repeat")
        case "{" where try parseBounds() != nil: throw fault("has a repetition with nothing to repeat")
        default:
            position += 1
            return .scalar(ScalarSet(scalar))
        }
    }

    private mutating func parseGroup() throws(PatternError) -> PatternNode {
        position += 1
        let node: PatternNode
        if skip("?:") {
            node = try parseChoice()
        } else if skip("?=") {
            node = .lookaround(try parseChoice(), ahead: true, negated: false)
        } else if skip("?!") {
            node = .lookaround(try parseChoice(), ahead: true, negated: true)
        } else if skip("?<=") {
            node = .lookaround(try parseChoice(), ahead: false, negated: false)
        } else if skip("?<!") {
            node = .lookaround(try parseChoice(), ahead: false, negated: true)
        } else {
            groupCount += 1
            let number = groupCount
            if skip("?<") {
                let name = try parseGroupName()
                guard groupNames.updateValue(number, forKey: name) == nil else {
                    throw fault("has two groups named '\(name)'")
                }
            } else if next == "?" {
                throw fault("has a kind of group that is not supported")
            }
            node = .group(try parseChoice(), number: number)
        }
        guard skip(")") else { throw fault("has a group that is not closed") }
        return node
    }

    mutating func parseGroupName() throws(PatternError) -> String {
        var name = String.UnicodeScalarView()
        while let scalar = next, scalar != ">" {
            let isFirst = name.isEmpty
            guard
                scalar == "$" || scalar == "_"
                    || (isFirst ? scalar.properties.isIDStart : scalar.properties.isIDContinue)
            else { throw fault("has the character '\(scalar)' in a group name") }
            name.append(scalar)
            position += 1
        }
        guard !name.isEmpty, skip(">") else { throw fault("has a group without a valid name") }
        return String(name)
    }

    mutating func recordBackreference() {
        hasBackreference = true
    }
}
