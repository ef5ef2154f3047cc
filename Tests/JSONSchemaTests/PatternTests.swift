import JSON
import JSONSchema
import Testing

/// Regular expressions (ECMA-262) beyond those of the official suite.
struct PatternTests {
    private func matches(_ pattern: String, _ text: String) throws -> Bool {
        try JSONSchema(["pattern": .string(pattern)]).validate(.string(text)).isValid
    }

    @Test(arguments: [
        ("a.c", "abc"), ("^a{2,3}$", "aaa"), ("^a{2}$", "aa"), ("^a{2,}$", "aaaa"), ("^(?:ab|cd)+$", "abcd"),
        ("^a+?b*?c??$", "aab"), ("\\bword\\b", "a word."), ("\\Bord", "word"), ("^[^a-c]$", "d"), ("^[\\d-x]+$", "1-x"),
        ("^[\\w.-]+@[\\w-]+$", "a.b@c-d"), ("^\\u0041\\x42\\u{1F600}$", "AB😀"), ("^\\uD83D\\uDE00$", "😀"),
        ("^(?=.*\\d)(?=.*[a-z]).{4,}$", "abc1"), ("^(?!foo).*$", "bar"), ("(?<=\\$)\\d+", "cost $42"),
        ("(?<!\\$)\\b\\d+", "cost 42"), ("^(a)(b)\\2\\1$", "abba"), ("^(?<q>['\"]).*\\k<q>$", "'x'"),
        ("^(?:a*)*$", "aaa"), ("^(a*)*\\1$", "aa"), ("^$", ""), ("", "anything"), ("^\\/\\-\\@$", "/-@"),
        ("^{x}]$", "{x}]"),
        ("^\\p{Lu}\\p{Ll}+$", "Éclair"), ("^\\P{L}+$", "123"), ("^[\\p{L}\\p{N}_]+$", "ab1_"), ("^\\p{gc=Nd}$", "7"),
        ("(?<=(a)b)c", "abc"), ("^[^]$", "\n"), ("(?<=^|,)b", "a,b"),
        ("^(?:(a)|b)\\1$", "b"), ("[\\b]", "\u{8}"), ("^\\0$", "\0"), ("^(\\w+) (?=\\1)", "ab ab"),
    ])
    func patternMatchesText(pattern: String, text: String) throws {
        #expect(try matches(pattern, text))
    }

    @Test(arguments: [
        ("^a{2,3}$", "aaaa"), ("^abc$", "abc\n"), ("^.$", "\n"), ("^.$", "\u{2028}"), ("[]", "a"), ("^\\d$", "٣"),
        ("^(?=a)b", "ab"), ("^(?!foo).*$", "foobar"), ("(?<=\\$)\\d+", "42"), ("^(a)(b)\\2\\1$", "abab"),
        ("\\bord", "word"), ("^\\p{Lu}$", "a"), ("^.$", "ab"), ("^é$", "e\u{301}"), ("^(a+)b\\1$", "aabaaa"),
    ])
    func patternDoesNotMatchText(pattern: String, text: String) throws {
        #expect(try !matches(pattern, text))
    }

    @Test(arguments: [
        ("*a", "nothing to repeat"), ("a**", "nothing to repeat"), ("(a", "not closed"), ("a)", "unmatched"),
        ("[a", "not closed"), ("a{3,2}", "wrong order"), ("[z-a]", "wrong order"), ("\\", "backslash"),
        ("\\Z", "\\Z"), ("\\A", "\\A"), ("\\1", "group 1"), ("\\k<x>", "group 'x'"), ("(?P<x>a)", "kind of group"),
        ("(?i)a", "kind of group"), ("(?<x>a)(?<x>b)", "two groups"), ("\\p{Script=Greek}", "scripts"),
        ("\\u{110000}", "beyond"), ("\\xZZ", "hexadecimal"), ("\\c1", "letter"), ("^*", "repeats '^'"),
        ("{1}", "nothing to repeat"),
        ("\\01", "octal"), ("(?<1a>x)", "group name"),
    ])
    func invalidPatternIsRejectedWithTheReason(pattern: String, reason: String) throws {
        let error = try #require(throws: JSONSchemaError.self) { try JSONSchema(["pattern": .string(pattern)]) }
        #expect(error.message.contains(reason), "\(error)")
    }

    @Test func longTextIsMatchedInLinearTime() throws {
        let schema = try JSONSchema(["pattern": "^[A-Za-z0-9+/]*={0,2}$"])
        let text = String(repeating: "QUJD", count: 25_000)
        let limits = JSONSchemaLimits(patternSteps: 1_000_000)
        #expect(schema.validate(.string(text), limits: limits).isValid)
        #expect(schema.validate(.string(text + "!"), limits: limits).outcome != .valid)
        #expect(schema.validate(.string(text + "!"), limits: limits).exceeded == nil)
    }
}
