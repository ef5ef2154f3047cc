import JSON
import Testing

@testable import Suites

/// Matchers: what they accept, and what they say of what they do not accept.
struct MatcherTests {
    static let accepted: [(matcher: String, value: JSONValue?)] = [
        ("hi", "hi"), ("5", 5), ("5", 5.0), ("[1, a]", [1, "a"]), ("{equals: {a: 1, b: 2}}", ["b": 2, "a": 1]),
        ("null", .some(nil)),
        ("{contains: ell}", "hello"), ("{contains: 2}", [1, 2]), ("{contains: {a: 1}}", ["a": 1, "b": 2]),
        ("{contains: {a: 1}}", [["a": 1, "b": 2]]), ("{contains: [1, 3]}", [3, 2, 1]),
        ("{matches: '^h.*o$'}", "hello"), ("{matches: 'l+'}", "hello"),
        ("{any: [a, b]}", "b"), ("{all: [{contains: a}, {contains: b}]}", "ab"), ("{none: [a, b]}", "c"),
        ("{not: a}", "b"), ("{not: a}", nil), ("{each: {type: integer}}", [1, 2]), ("{each: x}", []),
        ("{approx: 0.3}", 0.30000000000000004), ("{approx: 10, tolerance: 1}", 10.9),
        ("{type: string}", "a"), ("{type: integer}", 2), ("{type: integer}", 2.0), ("{type: number}", 2.5),
        ("{type: [object, array]}", []), ("{type: 'null'}", .some(nil)), ("{type: null}", .some(nil)),
        ("{length: 3}", "abc"), ("{length: {at_least: 2}}", [1, 2]), ("{length: 1}", ["a": 1]),
        ("{unordered: [2, 1, 2]}", [2, 2, 1]),
        ("{at_least: 2}", 2), ("{at_most: 2}", 2), ("{above: 2}", 2.1), ("{below: 2}", 1.9),
        ("{at_least: 1, at_most: 3}", 2), ("{exists: true}", 1), ("{exists: false}", nil),
    ]

    @Test(arguments: accepted)
    func matcherAccepts(_ matcher: String, _ value: JSONValue?) throws {
        let mismatch = try SuiteText.mismatch(matcher, value)
        #expect(mismatch == nil, "\(mismatch as Any)")
    }

    static let refused: [(matcher: String, value: JSONValue?, expected: String, actual: String, details: [String])] = [
        ("hi", "ho", #""hi""#, #""ho""#, []),
        ("hi", nil, #""hi""#, "nothing", []),
        ("'5'", 5, #""5""#, "5", []),
        (
            "{equals: {a: 1, b: [1, 2], c: 3}}", ["a": 1, "b": [1, 3], "d": 4],
            #"{"a":1,"b":[1,2],"c":3}"#, #"{"a":1,"b":[1,3],"d":4}"#,
            ["/b/1: expected 2, got 3", "/c: missing 3", "/d: extra 4"]
        ),
        (
            "the quick brown fox", "the quick red fox", #""the quick brown fox""#, #""the quick red fox""#,
            ["expected: the quick brown fox", "actual:   the quick red fox", "                    ^"]
        ),
        ("{contains: xyz}", "hello", #"a value that contains "xyz""#, #""hello""#, []),
        ("{contains: x}", 5, #"a value that contains "x""#, "5", []),
        ("{contains: {a: 2}}", ["a": 1], #"a value that contains {"a":2}"#, #"{"a":1}"#, []),
        ("{matches: '^x'}", "hello", "text that matches /^x/", #""hello""#, []),
        ("{matches: '^x'}", 5, "text that matches /^x/", "5", []),
        ("{any: [a, {contains: b}]}", "c", #""a" or a value that contains "b""#, #""c""#, []),
        ("{all: [{contains: a}, {contains: b}]}", "a", #"a value that contains "b""#, #""a""#, []),
        ("{none: [{contains: a}]}", "a", #"anything but a value that contains "a""#, #""a""#, []),
        ("{not: a}", "a", #"anything but "a""#, #""a""#, []),
        ("{each: {above: 1}}", [2, 1], "each element to be more than 1", "element 1: 1", []),
        ("{each: 1}", 1, "a list in which each element is 1", "1", []),
        ("{approx: 1, tolerance: 0.5}", 2, "approximately 1 (±0.5)", "2", ["differs by 1"]),
        ("{approx: 1}", "1", "approximately 1 (±1e-06)", #""1""#, []),
        ("{type: integer}", 1.5, "a value of type integer", "number 1.5", []),
        ("{type: [string, 'null']}", 1, "a value of type string or null", "number 1", []),
        ("{length: 3}", "ab", "a length that is 3", #"length 2: "ab""#, []),
        ("{length: {above: 3}}", [1], "a length that is more than 3", "length 1: [1]", []),
        ("{length: 3}", 5, "a length that is 3", "5", []),
        ("{unordered: [1, 2]}", [1, 3], "in any order: [1,2]", "[1,3]", ["missing: 2", "extra: 3"]),
        ("{at_least: 2}", 1, "at least 2", "1", []), ("{at_most: 2}", 3, "at most 2", "3", []),
        ("{above: 2}", 2, "more than 2", "2", []), ("{below: 2}", 2, "less than 2", "2", []),
        ("{above: 2}", "3", "more than 2", #""3""#, []),
        ("{exists: true}", nil, "a value", "nothing", []), ("{exists: false}", 1, "no value", "1", []),
    ]

    @Test(arguments: refused.indices)
    func matcherSaysWhatIsWrong(_ index: Int) throws {
        let row = Self.refused[index]
        let mismatch = try #require(try SuiteText.mismatch(row.matcher, row.value), "\(row.matcher)")
        #expect(mismatch.expected == row.expected)
        #expect(mismatch.actual == row.actual)
        #expect(mismatch.details == row.details)
    }

    @Test func matchersCompareWithCapturedValues() throws {
        #expect(try SuiteText.mismatch("\"${case.id}\"", 7, ["id": 7]) == nil)
        #expect(try SuiteText.mismatch("{above: \"${case.id}\"}", 8, ["id": 7]) == nil)
        #expect(try SuiteText.mismatch("{contains: \"item ${case.id}\"}", "an item 7", ["id": 7]) == nil)
        #expect(try SuiteText.mismatch("\"${case.id}\"", 8, ["id": 7])?.expected == "7")
    }

    @Test func longValuesAreShortened() throws {
        let long = String(repeating: "x", count: 10_000)
        let mismatch = try #require(try SuiteText.mismatch("short", .string(long)))
        #expect(mismatch.actual.count < 500)
        #expect(mismatch.actual.hasSuffix("… (10002 bytes)"))
    }

    @Test func textThatDiffersInALaterLineIsMarkedThere() throws {
        let mismatch = try #require(try SuiteText.mismatch("\"a\\nbc\\nd\"", "a\nbx\nd"))
        #expect(mismatch.details == ["line 2 expected: bc", "line 2 actual:   bx", "                  ^"])
    }

    /// A pattern of a suite cannot hang the run.
    @Test func patternThatBacktracksForeverIsGivenUp() throws {
        let mismatch = try #require(
            try SuiteText.mismatch("{matches: '^(a+)+$'}", .string(String(repeating: "a", count: 40) + "b"))
        )
        #expect(mismatch.expected == "text that matches /^(a+)+$/")
    }
}
