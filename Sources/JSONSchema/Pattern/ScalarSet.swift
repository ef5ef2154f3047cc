/// A set of Unicode scalars that one position of a pattern matches.
struct ScalarSet: Sendable {
    /// A part of a set.
    enum Item: Sendable {
        /// A range of code points. It may include surrogates, which patterns mention but no text contains.
        case range(ClosedRange<UInt32>)
        /// Scalars with a property.
        case property(@Sendable (Unicode.Scalar) -> Bool)
    }

    private let items: [Item]
    private let isNegated: Bool
    /// One bit per ASCII character, a shortcut for nearly all text.
    private let lowASCII: UInt64
    private let highASCII: UInt64

    init(_ items: [Item], negated: Bool = false) {
        self.items = items
        isNegated = negated
        var bits: [UInt64] = [0, 0]
        for value in UInt8(0)..<128
        where Self.contains(Unicode.Scalar(value), in: items) != negated {
            bits[Int(value >> 6)] |= 1 << UInt64(value & 63)
        }
        lowASCII = bits[0]
        highASCII = bits[1]
    }

    init(_ scalar: Unicode.Scalar) {
        self.init([.range(scalar.value...scalar.value)])
    }

    @inline(__always)
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 64 { return lowASCII >> UInt64(value) & 1 == 1 }
        if value < 128 { return highASCII >> UInt64(value - 64) & 1 == 1 }
        return Self.contains(scalar, in: items) != isNegated
    }

    /// The set as an item of another set.
    var item: Item {
        .property { contains($0) }
    }

    private static func contains(_ scalar: Unicode.Scalar, in items: [Item]) -> Bool {
        items.contains { item in
            switch item {
            case .range(let range): range.contains(scalar.value)
            case .property(let holds): holds(scalar)
            }
        }
    }
}

// MARK: - Sets that ECMA-262 names

extension ScalarSet {
    /// `.`, which matches no line terminator.
    static let anyButLineTerminators = ScalarSet(
        [.range(0x0A...0x0A), .range(0x0D...0x0D), .range(0x2028...0x2029)],
        negated: true
    )

    /// The set of `\d`, `\D`, `\w`, `\W`, `\s` or `\S`.
    ///
    /// Digits and word characters are ASCII only.
    static func named(_ letter: Unicode.Scalar) -> ScalarSet? {
        switch letter {
        case "d", "D": ScalarSet([.range(0x30...0x39)], negated: letter == "D")
        case "w", "W":
            ScalarSet(
                [.range(0x30...0x39), .range(0x41...0x5A), .range(0x5F...0x5F), .range(0x61...0x7A)],
                negated: letter == "W"
            )
        case "s", "S":
            ScalarSet(
                [
                    .range(0x09...0x0D), .range(0x20...0x20), .range(0xA0...0xA0), .range(0xFEFF...0xFEFF),
                    .range(0x2028...0x2029), .property { $0.properties.generalCategory == .spaceSeparator },
                ],
                negated: letter == "S"
            )
        default: nil
        }
    }
}
