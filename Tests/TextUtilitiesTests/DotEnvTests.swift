import Testing

@testable import TextUtilities

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
    func valuesAreParsed(text: String, value: String) {
        #expect(DotEnv(text).variables == ["A": value])
        #expect(DotEnv(text).problems.isEmpty)
    }

    @Test func commentsAndEmptyLinesAreSkipped() {
        let file = DotEnv("# a\n\n   \nA=1\n  # b\nB=2\n")
        #expect(file.variables == ["A": "1", "B": "2"])
        #expect(file.problems.isEmpty)
    }

    @Test(arguments: ["no equals sign", "=1", "1A=2", "a b=c"])
    func anInvalidLineIsNamedByItsNumberAlone(line: String) {
        let file = DotEnv("A=1\n\(line)\nB=2")
        #expect(file.variables == ["A": "1", "B": "2"])
        #expect(file.problems == ["Skipped line 2 of .env: not NAME=value"])
    }

    @Test func aQuoteThatIsNotClosedIsReported() {
        #expect(DotEnv("A=\"secret").problems == ["Skipped line 1 of .env: the quote is not closed"])
    }

    @Test func manyInvalidLinesAreCounted() {
        let problems = DotEnv(String(repeating: "x\n", count: 30_000), name: "my.env").problems
        #expect(problems.count == 6)
        #expect(problems.last == "Skipped 29995 more lines of my.env")
    }
}
