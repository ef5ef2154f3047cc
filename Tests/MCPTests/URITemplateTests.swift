import JSON
import MCP
import TestSupport
import Testing

struct URITemplateTests {
    @Test(
        arguments: [
            ("a://b", "a://b", [:]),
            ("a://{x}", "a://v", ["x": ["v"]]),
            ("a://{x}/{y}", "a://1/2", ["x": ["1"], "y": ["2"]]),
            ("a://{x}-{y}", "a://1-2-3", ["x": ["1-2"], "y": ["3"]]),
            ("a://{x}", "a://100%25%20%C3%A9", ["x": ["100% é"]]),
            ("a://{x}", "a://é", ["x": ["é"]]),
            ("a://{x}", "a://50%", ["x": ["50%"]]),
            ("a://{x,y}", "a://1,2", ["x": ["1"], "y": ["2"]]),
            ("a://{list}", "a://red,green", ["list": ["red", "green"]]),
            ("a://{x:3}", "a://val", ["x": ["val"]]),
            ("file://{+path}", "file:///a/b,c.txt", ["path": ["/a/b,c.txt"]]),
            ("a{#part}", "a#x/y", ["part": ["x/y"]]),
            ("a{.suffix}", "a.tar.gz", ["suffix": ["tar.gz"]]),
            ("a{.x,y}", "a.1.2", ["x": ["1"], "y": ["2"]]),
            ("a{/x}", "a/1", ["x": ["1"]]),
            ("a{/path*}", "a/1/2/3", ["path": ["1", "2", "3"]]),
            ("a{/path*}/end", "a/1/2/end", ["path": ["1", "2"]]),
            ("a{;x,y}", "a;x=1;y=2", ["x": ["1"], "y": ["2"]]),
            ("a{;x}", "a;x", ["x": [""]]),
            ("a{?x,y}", "a?x=1&y=2", ["x": ["1"], "y": ["2"]]),
            ("a{?x,y}", "a?y=2&x=1", ["x": ["1"], "y": ["2"]]),
            ("a{?x,y}", "a?y=2", ["y": ["2"]]),
            ("a{?x,y}", "a", [:]),
            ("a{?list}", "a?list=1,2", ["list": ["1", "2"]]),
            ("a{?q*}", "a?k=1&l=2", ["k": ["1"], "l": ["2"]]),
            ("a{?list*}", "a?list=1&list=2", ["list": ["1", "2"]]),
            ("a?z=0{&x}", "a?z=0&x=1", ["x": ["1"]]),
        ] as [(String, String, [String: [String]])]
    )
    func aURIThatMatchesTheTemplateHasItsVariables(
        template: String,
        uri: String,
        expected: [String: [String]]
    ) throws {
        #expect(try URITemplate(template).match(uri) == expected)
    }

    @Test(
        arguments: [
            ("a://{x}", "b://v"), ("a://{x}", "a://"), ("a://{x}", "a://1/2"), ("a://{x}/data", "a://1/other"),
            ("a://{x}", "a://v?w"), ("a{?x}", "a?y=1"), ("a{/x}", "a/1/2"), ("a://{x:2}", "a://val"),
            ("a://b", "a://bc"), ("a{#x}", "ax"),
        ]
    )
    func aURIThatDoesNotMatchTheTemplateHasNoVariables(template: String, uri: String) throws {
        #expect(try URITemplate(template).match(uri) == nil)
    }

    @Test(arguments: [
        ("{x", 0), ("a}", 1), ("{}", 1), ("{=x}", 1), ("{x:}", 2), ("{x:0}", 2), ("{,x}", 1), ("{x y}", 1),
    ])
    func anInvalidTemplateIsRefusedWithTheOffset(template: String, offset: Int) {
        let fault = #expect(throws: URITemplate.Fault.self) { try URITemplate(template) }
        #expect(fault?.offset == offset)
    }

    @Test(arguments: [
        ("a://b", []), ("a://{x}/{+y:3}{?x,z*}", ["x", "y", "z"]),
    ])
    func itsVariablesAreNamedOnce(template: String, names: [String]) throws {
        #expect(try URITemplate(template).variables == names)
    }

    @Test(
        "the examples of RFC 6570 are expanded",
        .enabled(if: TestSupport.SharedData.isAvailable, "\(TestSupport.SharedData.absence)")
    )
    func examplesAreExpanded() throws {
        var count = 0
        for file in ["spec-examples.json", "extended-tests.json"] {
            let sections = try JSONValue(parsing: try TestSupport.SharedData.bytes("data/uri-template/\(file)"))
            for section in sections.object?.members ?? [] {
                var values: [String: String] = [:]
                var others: Set<String> = []
                for member in section.value["variables"]?.object?.members ?? [] {
                    if let text = member.value.string { values[member.key] = text; continue }
                    if !member.value.isNull { others.insert(member.key) }
                }
                for example in section.value["testcases"]?.array ?? [] {
                    guard let text = example[0]?.string, let expected = example[1]?.string else { continue }
                    let template = try URITemplate(text)
                    // Lists, pairs and numbers are no values here.
                    guard others.isDisjoint(with: template.variables) else { continue }
                    #expect(template.expanded(with: values) == expected, "\(section.key): \(text)")
                    count += 1
                }
            }
        }
        #expect(count >= 50, "only \(count) examples")
    }

    @Test func aVariableWithoutAValueIsOmitted() throws {
        #expect(try URITemplate("a://{x}/y{?z,w}").expanded(with: ["w": "a b"]) == "a:///y?w=a%20b")
    }

    @Test func aURIThatIsTooLongDoesNotMatch() throws {
        let template = try URITemplate("a://{a}{b}{c}x")
        #expect(template.match("a://" + String(repeating: "y", count: 9000)) == nil)
    }
}
