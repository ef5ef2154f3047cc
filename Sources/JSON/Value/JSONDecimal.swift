/// A number as `±digits × 10^exponent`, normalized: no zeros at either end of the digits.
///
/// Zero has no digits, exponent 0 and no sign. Exponents are clamped to `Int`.
package struct JSONDecimal: Hashable, Sendable {
    package let isNegative: Bool
    /// Decimal digits 0...9, most significant first.
    package let digits: [UInt8]
    package let exponent: Int

    /// Parses a literal that is known to be a JSON number.
    package init(literal: String) {
        var negative = false
        var digits: [UInt8] = []
        var fraction = 0
        var inFraction = false
        var written = 0
        var rest = Substring(literal)
        if rest.first == "-" {
            negative = true
            rest.removeFirst()
        }
        scan: while let character = rest.utf8.first {
            switch character {
            case UInt8(ascii: "."): inFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                rest.removeFirst()
                written = Self.exponent(rest)
                break scan
            default:
                digits.append(character &- UInt8(ascii: "0"))
                if inFraction { fraction += 1 }
            }
            rest.removeFirst()
        }
        digits.removeFirst(digits.prefix { $0 == 0 }.count)
        let zeros = digits.reversed().prefix { $0 == 0 }.count
        digits.removeLast(zeros)
        self.digits = digits
        isNegative = negative && !digits.isEmpty
        let shifted = written.addingReportingOverflow(zeros - fraction)
        exponent = digits.isEmpty ? 0 : (shifted.overflow ? (written < 0 ? .min : .max) : shifted.partialValue)
    }

    private static func exponent(_ text: Substring) -> Int {
        let unsigned = text.first == "+" ? text.dropFirst() : text
        return Int(unsigned) ?? (unsigned.first == "-" ? .min / 2 : .max / 2)
    }

    package var int64: Int64? {
        guard !digits.isEmpty else { return 0 }
        guard exponent >= 0, exponent <= 19, digits.count + exponent <= 19 else { return nil }
        var value: Int64 = 0
        for digit in digits + Array(repeating: 0, count: exponent) {
            let (scaled, tooBig) = value.multipliedReportingOverflow(by: 10)
            let (next, overflow) =
                isNegative
                ? scaled.subtractingReportingOverflow(Int64(digit)) : scaled.addingReportingOverflow(Int64(digit))
            guard !tooBig, !overflow else { return nil }
            value = next
        }
        return value
    }
}

extension JSONDecimal: Comparable {
    package static func < (one: JSONDecimal, other: JSONDecimal) -> Bool {
        if one.isNegative != other.isNegative { return one.isNegative }
        return one.isNegative ? other.magnitudeIsLess(than: one) : one.magnitudeIsLess(than: other)
    }

    private func magnitudeIsLess(than other: JSONDecimal) -> Bool {
        if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
        // The position of the first digit decides before the digits do.
        let place = exponent.addingReportingOverflow(digits.count)
        let otherPlace = other.exponent.addingReportingOverflow(other.digits.count)
        if place.partialValue != otherPlace.partialValue, !place.overflow, !otherPlace.overflow {
            return place.partialValue < otherPlace.partialValue
        }
        return digits.lexicographicallyPrecedes(other.digits)
    }
}
