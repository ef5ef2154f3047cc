import Foundation
import HostConfiguration
import JSON
import TestSupport
import Testing

@Suite struct TOMLReaderTests {
    @Test func aCodexConfigurationIsRead() throws {
        let document = try read(
            """
            model = "o3" # the model
            [mcp_servers.docs]
            command = 'npx'
            args = [
              "-y", # comment
              "@org/docs",
            ]
            env.TOKEN = "t"

            [mcp_servers."with.dot"]
            url = "https://x.test/mcp"
            http_headers = { "X-Key" = "v", a.b = 1 }
            [mcp_servers."with.dot".tools.search]
            approval_mode = "auto"
            """,
            as: .toml
        )
        #expect(
            document.node(at: ["mcp_servers"])?.json == [
                "docs": ["command": "npx", "args": ["-y", "@org/docs"], "env": ["TOKEN": "t"]],
                "with.dot": [
                    "url": "https://x.test/mcp", "http_headers": ["X-Key": "v", "a": ["b": 1]],
                    "tools": ["search": ["approval_mode": "auto"]],
                ],
            ]
        )
        let member = try #require(document.node(at: ["mcp_servers"])?.member("with.dot"))
        #expect(document.text.place(at: member.keyRange.lowerBound).description == "10:14")
    }

    @Test(arguments: [
        ("a = ", "1:5 expected a value after `=`"),
        ("a = npx", "1:5 expected a value; a string needs quotes"),
        ("[a\nb = 1", "1:3 expected `]` at the end of the table's name"),
        ("a = 1\na = 2", "2:1 the key `a` is defined twice"),
        ("[a]\n[a]", "2:2 `a` is already defined and cannot be a new table here"),
        ("a = \"x", "1:5 the string is not closed on its line"),
        ("a = [1,\n", "2:1 the file ends, but the `[` of line 1 is not closed"),
        ("a = \"C:\\Users\"", "1:8 the escape needs 8 hexadecimal digits of a valid character"),
        ("a = 1 b = 2", "1:7 expected the end of the line"),
    ])
    func aFaultHasItsLineAndColumn(_ text: String, _ expected: String) {
        #expect(fault(of: text, as: .toml) == expected)
    }

    private static let documents = [
        "", "# only", "a=1", "a = 1_000\nb = 0xff_0\nc = -17\nd = 0o17\ne=0b1",
        "a = 3.14\nb = 1e10\nc = -2.5E-3\nd=+1.0",
        "a = 01", "a = 1__0", "a = _1", "a = .5", "a = 5.", "a = inf\nb = -nan", "a = true\nb = false", "a = True",
        #"a = "\u00e9\U0001F600\t\\\"" "#, "a = 'lit\\eral'", "a = \"\"\"\nx\n  y\\\n   z\"\"\"", "a = '''\nx''y'''",
        "a = \"\"\"\"quoted\"\"\"\"", "a = \"\"\"x", "a = \"\\q\"", "a = 1979-05-27T07:32:00Z",
        "a = 1979-05-27 07:32:00",
        "a = 07:32:00", "a = 1979-05-27", "a.b.c = 1\na.b.d = 2", "a.b = 1\na.b.c = 2", "[a.b]\nc=1\n[a]\nd=2",
        "[a]\nb.c=1\n[a.b]\nd=1", "[a.b]\nx=1\n[a]\nb.y=2", "[[a]]\nb=1\n[[a]]\nb=2\n[a.c]\nd=3", "[a]\n[[a]]",
        "[[a]]\n[a]",
        "a = []\n[[a]]", "a = {b = 1}\n[a.c]", "a = {b.c = 1, d = {}}", "a = {b = 1}\na.c = 2",
        "a = [[1], ['x', {y = 1}],]",
        "a = [\n# c\n1,\n\n2 # d\n]", "\"\" = 1", "'a b'.c = 1", "a b = 1", "[a.]", "[]", "= 1", "a == 1", "[a]]",
        "[ a . b ]",
        "\r\na = 1\r\n", "a = 1\rb = 2", "a = \"\u{1}\"", "a = 'é'", "é = 1", "a-b_c = 1", "1 = 2", "1.2 = 3",
        "a = 1 # x\n\n",
        "[a] # x", "[a]x=1", "a = \"b\"c", "a = [1 2]", "a = {b = 1 c = 2}", "a = \"\"\"\\\n\n  x\"\"\"",
        "a = \"a\\\nb\"",
        "[x.y.z.w]\n[x]", "[fruit]\napple.color = 1\napple.taste.sweet = true\n[fruit.apple]", "a = 0\nb = -0\nc = +0",
        "a = 0.0",
        "a = 1e", "a = 0x", "a = +0xff", "a = 00:61",
    ]

    @Test(.enabled(if: python != nil, "MCP_TEST_PYTHON is not set"))
    func documentsAreReadAndRefusedAsPythonDoes() throws {
        let script = """
            import sys, json, math
            try:
                import tomllib
            except ImportError:
                print("null"); sys.exit()
            def plain(v):
                if isinstance(v, dict): return {k: plain(x) for k, x in v.items()}
                if isinstance(v, list): return [plain(x) for x in v]
                if isinstance(v, (bool, str)): return v
                return "scalar"
            out = []
            for text in json.load(sys.stdin):
                try: out.append(plain(tomllib.loads(text)))
                except tomllib.TOMLDecodeError: out.append(None)
            print(json.dumps(out))
            """
        let input = JSONValue.array(Self.documents.map(JSONValue.string)).description
        let python = try #require(Self.python)
        let text = try output(of: python, ["-c", script], input: input)
        guard let expected = try JSONValue(parsing: text).array else { return }
        for (document, wanted) in zip(Self.documents, expected) {
            let found: JSONValue
            do throws(ConfigurationError) {
                found = Self.plain(try read(document, as: .toml).root) ?? [:]
            } catch {
                found = .null
            }
            #expect(found == wanted, "\(document)")
        }
    }

    private static let python = ProcessInfo.processInfo.environment["MCP_TEST_PYTHON"]

    private static func plain(_ node: ConfigurationNode?) -> JSONValue? {
        switch node?.content {
        case nil: nil
        case .object(let members):
            .object(JSONObject(members.map { .init(key: $0.key, value: plain($0.value) ?? nil) }))
        case .array(let elements): .array(elements.map { plain($0) ?? nil })
        case .string(let text): .string(text)
        case .bool(let value): .bool(value)
        default: "scalar"
        }
    }
}
