import Testing

@testable import TesterCommands

@Suite struct DotEnvTests {
    @Test(arguments: [
        ("A=1", "1"),
        ("  A = 1  ", "1"),
        ("export A=1", "1"),
        ("A=", ""),
        ("A=a b", "a b"),
        ("A=a # comment", "a"),
        ("A=a#b", "a#b"),
        ("A=# comment", ""),
        ("A=\"a # b\" # comment", "a # b"),
        (#"A="line\nnext\t\"q\" \\ \$""#, "line\nnext\t\"q\" \\ \\$"),
        (#"A='a\nb'"#, #"a\nb"#),
        ("A='it'", "it"),
        ("A=b=c", "b=c"),
        ("A=1\r\n", "1"),
        ("A=1\nA=2", "2"),
    ])
    func aValueIsRead(text: String, value: String) {
        #expect(DotEnv(text).variables == ["A": value])
        #expect(DotEnv(text).problems.isEmpty)
    }

    @Test func commentsAndEmptyLinesAreSkipped() {
        let file = DotEnv("# a\n\n   \nA=1\n  # b\nB=2\n")
        #expect(file.variables == ["A": "1", "B": "2"])
        #expect(file.problems.isEmpty)
    }

    @Test(arguments: ["no equals sign", "=1", "1A=2", "a b=c"])
    func aLineThatIsNoAssignmentIsNamedByItsNumberAlone(line: String) {
        let file = DotEnv("A=1\n\(line)\nB=2")
        #expect(file.variables == ["A": "1", "B": "2"])
        #expect(file.problems == ["line 2 of .env is not NAME=value and was skipped"])
    }

    @Test func aQuoteThatDoesNotEndIsNamed() {
        #expect(DotEnv("A=\"secret").problems == ["line 1 of .env has a quote that does not end and was skipped"])
    }
}
