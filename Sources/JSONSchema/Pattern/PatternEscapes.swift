/// Reading escapes and classes of a pattern. Source: ECMA-262, 22.2.1.
extension PatternParser {
    mutating func parseEscapedAtom() throws(PatternError) -> PatternNode {
        position += 1
        switch next {
        case "b", "B":
            let negated = next == "B"
            position += 1
            return .wordBoundary(negated: negated)
        case "k":
            position += 1
            guard skip("<") else { throw fault("has '\\k' without a group name") }
            recordBackreference()
            return .namedBackreference(try parseGroupName())
        case let digit? where ("1"..."9").contains(digit):
            recordBackreference()
            return .backreference(number: parseNumber() ?? 0)
        default:
            position -= 1
            switch try parseEscape() {
            case .codePoint(let value): return .scalar(ScalarSet([.range(value...value)]))
            case .set(let set): return .scalar(set)
            }
        }
    }

    mutating func parseClass() throws(PatternError) -> ScalarSet {
        position += 1
        let isNegated = skip("^")
        var items: [ScalarSet.Item] = []
        while let scalar = next, scalar != "]" {
            let first = try parseClassMember()
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                items.append(first.item)
                continue
            }
            position += 1
            let last = try parseClassMember()
            if case .codePoint(let lower) = first, case .codePoint(let upper) = last {
                guard lower <= upper else { throw fault("has a range of characters in the wrong order") }
                items.append(.range(lower...upper))
            } else {
                // `\d-x` is not a range, so the hyphen is literal.
                items += [first.item, .range(0x2D...0x2D), last.item]
            }
        }
        guard skip("]") else { throw fault("has a '[' that is not closed") }
        return ScalarSet(items, negated: isNegated)
    }

    /// The meaning of an escape, or of a character in a class.
    enum Member {
        case codePoint(UInt32)
        case set(ScalarSet)

        var item: ScalarSet.Item {
            switch self {
            case .codePoint(let value): .range(value...value)
            case .set(let set): set.item
            }
        }
    }

    private mutating func parseClassMember() throws(PatternError) -> Member {
        if skip("\\b") { return .codePoint(8) }
        if next == "\\" { return try parseEscape() }
        guard let scalar = next else { throw fault("has a '[' that is not closed") }
        position += 1
        return .codePoint(scalar.value)
    }

    private mutating func parseEscape() throws(PatternError) -> Member {
        position += 1
        guard let letter = next else { throw fault("ends with a backslash") }
        position += 1
        if let set = ScalarSet.named(letter) { return .set(set) }
        switch letter {
        case "t": return .codePoint(9)
        case "n": return .codePoint(10)
        case "v": return .codePoint(11)
        case "f": return .codePoint(12)
        case "r": return .codePoint(13)
        case "0":
            if let digit = next, ("0"..."9").contains(digit) { throw fault("has an octal escape") }
            return .codePoint(0)
        case "c":
            guard let control = next, control.isASCII, control.properties.isAlphabetic else {
                throw fault("has '\\c' without a letter")
            }
            position += 1
            return .codePoint(control.value & 31)
        case "x": return .codePoint(try parseHex(digits: 2))
        case "u": return .codePoint(try parseUnicodeEscape())
        case "p", "P": return .set(try parseProperty(negated: letter == "P"))
        default:
            guard !(letter.isASCII && (letter.properties.isAlphabetic || ("0"..."9").contains(letter))) else {
                position -= 2
                throw fault("has the unknown escape '\\\(letter)'")
            }
            return .codePoint(letter.value)
        }
    }

    private mutating func parseHex(digits: Int) throws(PatternError) -> UInt32 {
        guard position + digits <= scalars.count else { throw fault("has an incomplete escape") }
        let text = String(String.UnicodeScalarView(scalars[position..<(position + digits)]))
        guard text.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit), let value = UInt32(text, radix: 16) else {
            throw fault("has an escape without its \(digits) hexadecimal digits")
        }
        position += digits
        return value
    }

    private mutating func parseUnicodeEscape() throws(PatternError) -> UInt32 {
        if skip("{") {
            guard let end = scalars[position...].firstIndex(of: "}"), (1...8).contains(end - position) else {
                throw fault("has '\\u{' without a code point and its '}'")
            }
            let value = try parseHex(digits: end - position)
            guard value <= 0x10FFFF else { throw fault("has a code point beyond U+10FFFF") }
            position += 1
            return value
        }
        let unit = try parseHex(digits: 4)
        let afterUnit = position
        guard (0xD800...0xDBFF).contains(unit), skip("\\u"), next != "{" else {
            position = afterUnit
            return unit
        }
        let low = try parseHex(digits: 4)
        guard (0xDC00...0xDFFF).contains(low) else {
            position = afterUnit
            return unit
        }
        return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
    }

    private mutating func parseProperty(negated: Bool) throws(PatternError) -> ScalarSet {
        guard skip("{"), let end = scalars[position...].firstIndex(of: "}") else {
            throw fault("has '\\p' without a property in braces")
        }
        let name = String(String.UnicodeScalarView(scalars[position..<end]))
        guard let test = ScalarProperty.test(named: name) else {
            throw fault("has the unsupported Unicode property '\(name)' (scripts are not supported)")
        }
        position = end + 1
        return ScalarSet([.property(test)], negated: negated)
    }
}
