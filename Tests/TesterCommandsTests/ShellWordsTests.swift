import JSON
import MCPHTTP
import Tester
import Testing

@testable import TesterCommands

/// How a line of a session is read.
struct ShellWordsTests {
    @Test(
        arguments: [
            ("call echo message=hi", ["call", "echo", "message=hi"]),
            ("  call\techo  ", ["call", "echo"]),
            (
                "call echo message='two words' b=\"x y\" c=z\\ z",
                ["call", "echo", "message=two words", "b=x y", "c=z z"]
            ),
            ("call add {\"a\": 1, \"b\": [1, 2]} x", ["call", "add", "{\"a\": 1, \"b\": [1, 2]}", "x"]),
            (
                "call f o={\"a\": \"} \\\" \"} t:=[1, 2] s:=\"a b\"",
                ["call", "f", "o={\"a\": \"} \\\" \"}", "t:=[1, 2]", "s:=\"a b\""]
            ),
            ("call f '{\"a\": 1}' a={x}y", ["call", "f", "{\"a\": 1}", "a={x}y"]),
            ("read demo://weather/{city}", ["read", "demo://weather/{city}"]),
            ("call f x='it'\\''s'", ["call", "f", "x=it's"]),
            ("", []),
        ]
    )
    func wordsAreSplitAsInAShellAndJSONNeedsNoQuotes(_ line: String, _ words: [String]) {
        let read = ShellWords(line)
        #expect(read.texts == words)
        #expect(read.open == nil)
    }

    @Test(arguments: [("call f 'x", "'"), ("call f x=\"y", "\""), ("call f {\"a\": 1", "{"), ("call f {\"a", "\"")])
    func whatIsNotClosedIsReported(_ line: String, _ open: Character) {
        #expect(ShellWords(line).open == open)
    }

    @Test func theLastWordIsKnownAsTyped() {
        let line = ShellWords("call echo message='a b")
        #expect(line.endsInWord && line.words.last?.raw == "message='a b" && line.words.last?.text == "message=a b")
        #expect(!ShellWords("call echo ").endsInWord)
    }

    @Test(arguments: ["plain", "two words", "it's", "{a}", "-x", "a\\b", "\"", ""])
    func aQuotedTextIsReadAsItself(_ text: String) {
        #expect(ShellWords(ShellWords.quoted(text)).texts == [text])
    }

    // MARK: - Templates

    private func place(_ template: String, _ typed: String) -> String? {
        TemplatePlace(template, typed: typed).map {
            "\($0.prefix)|\($0.variable ?? "-")|\($0.value)|\($0.suffix)|\($0.isLast)"
        }
    }

    @Test func theVariableThatIsTypedIsFound() {
        #expect(place("demo://w/{city}", "demo://w/Li") == "demo://w/|city|Li||true")
        #expect(place("demo://w/{city}", "demo://w/") == "demo://w/|city|||true")
        #expect(place("demo://w/{city}", "de") == "demo://w/|-|||true")
        #expect(place("demo://w/{city}", "demo://x") == nil)
        #expect(place("a://{x}/{y}", "a://one/t") == "a://one/|y|t||true")
        #expect(place("a://{x}/{y}", "a://o") == "a://|x|o|/|false")
        #expect(place("a://{x}", "a://o/p") == nil)
        #expect(TemplatePlace("a://{x}/{y}", typed: "a://one/t")?.others == ["x": "one"])
    }

    // MARK: - History

    @Test(
        arguments: [
            "call login password=hunter2", "call x {\"api_key\": \"k\"}", "call x a={\"b\": [{\"token\": \"t\"}]}",
            " call echo message=hidden", "call x 'unclosed", "read https://me:secret@example.com/x",
            "raw x --bytes {\"params\":{\"authorization\":\"Bearer abc\"}}", "call x h='Authorization: Bearer abc'",
        ]
    )
    func aLineWithASecretIsNotStored(_ line: String) {
        #expect(!ShellHistory.isStorable(line))
    }

    @Test(arguments: ["list --tools", "call add {\"a\": 1}", "read demo://weather/Lima", "call echo message='a b'"])
    func anyOtherLineIsStored(_ line: String) {
        #expect(ShellHistory.isStorable(line))
    }

    @Test func aLineWithAKnownSecretIsNotStored() {
        let redactor = Redactor([Secret("s3cr3t-value", .token)])
        #expect(!ShellHistory.isStorable("call echo message=s3cr3t-value", redactor: redactor))
    }

    // MARK: - Names in the prompt

    @Test(
        arguments: [
            ("/usr/bin/python3 /home/me/server.py", "server.py"), ("demo", "demo"),
            ("python server.py --x", "server.py"),
            ("https://example.com/mcp", "example.com"), ("uv run server", "uv run server"),
        ]
    )
    func thePromptHasAShortName(_ target: String, _ name: String) {
        #expect(Shell.shortName(of: target) == name)
    }

    // MARK: - Far-fetched suggestions

    @Test func onlyACloseOptionIsSuggested() {
        #expect(Suggestion.filter("Unknown option '--jsn'. Did you mean '--json'?").hasSuffix("Did you mean '--json'?"))
        #expect(
            Suggestion.filter("Error: Unknown option '--foo'. Did you mean '--root'?\nUsage: x")
                == "Error: Unknown option '--foo'\nUsage: x"
        )
        #expect(Suggestion.filter("Something else") == "Something else")
    }
}
