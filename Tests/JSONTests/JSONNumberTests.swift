import JSON
import Testing

/// Numbers: their literals, their values and how they compare.
struct JSONNumberTests {
    @Test(arguments: [
        "0", "-0", "1.0", "1E400", "-1e-7", "12345678901234567890", "0.1", "1e0", "1E+2", "-0.0", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "123456789012345678", "1234567890123456789",
        "3.141592653589793238462643383279",
    ])
    func literalIsPreserved(literal: String) throws {
        let value = try JSONValue(parsing: literal)
        #expect(value.number?.literal == literal)
        #expect(value.description == literal)
        #expect(JSONNumber(literal: literal)?.literal == literal)
        #expect(try JSONText(Array(literal.utf8)).number?.literal == literal)
    }

    @Test(arguments: ["", "+1", "01", ".5", "1.", "1e", "0x1", "NaN", "Infinity", " 1", "1 ", "--1"])
    func invalidLiteralIsRejected(text: String) {
        #expect(JSONNumber(literal: text) == nil)
    }

    @Test(arguments: [
        ("1", "1.0"), ("1", "10e-1"), ("100", "1e2"), ("0", "-0"), ("0", "0e999"), ("-1.50", "-15e-1"),
        ("1e400", "10e399"), ("12345678901234567890", "1234567890123456789e1"), ("0.0", "-0.0"),
    ])
    func equalValuesAreEqualAndHashAlike(one: String, other: String) throws {
        let (a, b) = (try #require(JSONNumber(literal: one)), try #require(JSONNumber(literal: other)))
        #expect(a == b && b == a)
        #expect(a.hashValue == b.hashValue)
        #expect(!(a < b) && !(b < a))
        #expect(JSONValue.number(a).hashValue == JSONValue.number(b).hashValue)
        #expect(!JSONValue.number(a).isIdentical(to: .number(b)))
    }

    @Test func numbersAreOrderedMathematicallyAtAllSizes() throws {
        let ascending = [
            "-1e99999999999999999999", "-1e400", "-9223372036854775809", "-9223372036854775808", "-2", "-1.5", "-1",
            "-1e-400", "-1e-99999999999999999999", "0", "1e-99999999999999999999", "1e-400", "0.1",
            "0.10000000000000000000001", "1", "1.5", "2", "10", "99", "100", "9223372036854775807",
            "9223372036854775808",
            "12345678901234567890", "12345678901234567891", "1e400", "2e400", "1e401", "1e99999999999999999999",
        ]
        .map { JSONNumber(literal: $0)! }
        for (i, a) in ascending.enumerated() {
            for (j, b) in ascending.enumerated() {
                #expect((a < b) == (i < j), "\(a.literal) < \(b.literal)")
                #expect((a == b) == (i == j), "\(a.literal) == \(b.literal)")
            }
        }
    }

    @Test(
        arguments: [
            ("1.0", 1), ("1e2", 100), ("-0", 0), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("1.5", nil), ("1e19", nil), ("1e400", nil), ("10e-1", 1), ("0e400", 0),
        ] as [(String, Int64?)]
    )
    func integralNumberInRangeIsAnInteger(literal: String, value: Int64?) throws {
        let number = try #require(JSONNumber(literal: literal))
        #expect(number.int64 == value)
        #expect(JSONValue.number(number).int == value.map { Int($0) })
    }

    @Test func integralNumbersAreRecognizedInAnyForm() {
        for (literal, isWhole) in [
            ("1", true), ("1.0", true), ("1e400", true), ("0.0", true), ("1.5", false), ("1e-1", false),
        ] {
            #expect(JSONNumber(literal: literal)?.isIntegral == isWhole, "\(literal)")
        }
    }

    @Test func doublesHaveTheirShortestLiteral() {
        #expect(JSONNumber(0.1)?.literal == "0.1")
        #expect(JSONNumber(3.0)?.literal == "3")
        #expect(JSONNumber(-0.0)?.literal == "-0.0")
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONValue(Double.nan) == .null)
        #expect(JSONNumber(literal: "1E400")?.double == .infinity)
        #expect(JSONNumber(literal: "-1e-7")?.double == -1e-7)
        for value in [1e15, 1e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 123456.789] {
            #expect(JSONNumber(value)?.double == value)
        }
    }

    @Test func largeIntegersKeepTheirDigits() {
        #expect(JSONNumber(UInt64.max).literal == "18446744073709551615")
        #expect(JSONNumber(Int128.min).literal == "-170141183460469231731687303715884105728")
    }

    @Test func decimalsAreNormalized() {
        let decimal = JSONDecimal(literal: "-00.01200e3")
        #expect(decimal.digits == [1, 2] && decimal.exponent == 0 && decimal.isNegative)
        let zero = JSONDecimal(literal: "-0.000e99")
        #expect(zero.digits.isEmpty && zero.exponent == 0 && !zero.isNegative)
    }
}
