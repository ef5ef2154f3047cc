import JSON
import Testing

@testable import Tester

/// Frontmatter as JSON, by the rules of YAML.
struct FrontmatterTests {
    private static func file(_ yaml: String) -> String { "---\n\(yaml)\n---\n\n# Title\n" }

    /// The expected values are what PyYAML gives for the same text.
    static let cases: [(yaml: String, json: JSONValue)] = [
        ("name: a\ndescription: b", ["name": "a", "description": "b"]),
        ("name: 'it''s'\nb: \"x\\ty\\u2603\"", ["name": "it's", "b": "x\ty☃"]),
        ("a: # nothing\nb: 1 # one\nc: x#y", ["a": nil, "b": 1, "c": "x#y"]),
        (
            "a: true\nb: 1.5\nc: ~\nd: '1'\ne: 2026-01-31\nf: v1.0\ng: -3",
            [
                "a": true, "b": 1.5, "c": nil, "d": "1", "e": "2026-01-31", "f": "v1.0", "g": -3,
            ]
        ),
        ("a:\n  b:\n    c: 1\n  d: 2\ne: 3", ["a": ["b": ["c": 1], "d": 2], "e": 3]),
        ("a:\n  - x\n  - y: 1\n    z: 2\n  -\n    - 5", ["a": ["x", ["y": 1, "z": 2], [5]]]),
        ("a:\n- x\n- y\nb: 1", ["a": ["x", "y"], "b": 1]),
        ("a: [x, 'y, z', 3]\nb: {c: d, e: [1]}", ["a": ["x", "y, z", 3], "b": ["c": "d", "e": [1]]]),
        ("a: [x,\n  y]\nb: \"one\n  two\"", ["a": ["x", "y"], "b": "one two"]),
        ("a: |\n  one\n    two\n\n  three\nb: 1", ["a": "one\n  two\n\nthree\n", "b": 1]),
        ("a: >-\n  one\n  two\n\n  three\nb: 1", ["a": "one two\nthree", "b": 1]),
        ("a: one\n  two\nb: 1", ["a": "one two", "b": 1]),
        ("a: http://example.com/x\nb: x:y", ["a": "http://example.com/x", "b": "x:y"]),
        ("\"a b\": 1\n'c': 2", ["a b": 1, "c": 2]),
        ("# comment\n\na: 1\n\n  # more\nb: 2", ["a": 1, "b": 2]),
    ]

    @Test(arguments: cases.indices)
    func yamlIsReadAsJSON(_ index: Int) throws {
        let (yaml, json) = Self.cases[index]
        #expect(JSONValue.object(try Frontmatter.read(Self.file(yaml))) == json, "\(yaml)")
    }

    @Test
    func byteOrderMarkAndCarriageReturnsAreAllowed() throws {
        let object = try Frontmatter.read("\u{FEFF}---\r\nname: a\r\ndescription: b\r\n---\r\ntext")
        #expect(object == ["name": "a", "description": "b"])
    }

    @Test(arguments: [
        "# Title\n", "---\nname: a\n", "---\n- a\n---\n", "---\njust text\n---\n", "---\na: 1\na: 2\n---\n",
        "---\na: \"x\n---\n", "---\na: b: c\n---\n", "---\na: [1\n---\n", "---\na: 1\n  b: 2\n---\n",
    ])
    func fileWithoutValidFrontmatterIsRejected(_ text: String) {
        #expect {
            try Frontmatter.read(text)
        } throws: { error in
            if case .invalid? = error as? Frontmatter.Problem { true } else { false }
        }
    }

    @Test(arguments: ["a: &x 1\nb: *x", "a: !!str 1", "? a\n: b"])
    func rareYAMLIsReportedAsUnsupported(_ yaml: String) {
        #expect {
            try Frontmatter.read(Self.file(yaml))
        } throws: { error in
            if case .unsupported? = error as? Frontmatter.Problem { true } else { false }
        }
    }
}
