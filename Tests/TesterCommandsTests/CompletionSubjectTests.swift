import Testing

@testable import TesterCommands

@Suite struct CompletionSubjectTests {
    @Test(
        arguments: [
            ("", "", .commands), ("", "ca", .commands), ("", "--tr", .options(command: nil)), ("help", "", .commands),
            ("help call", "", .nothing), ("nonsense", "", .nothing),
            ("call", "", .target), ("test", "@g", .target), ("test demo", "", .nothing), ("doctor a.py", "", .target),
            ("call demo", "e", .tools), ("describe demo", "", .tools), ("describe demo echo", "", .nothing),
            ("call demo echo", "", .arguments(of: "echo", isPrompt: false)),
            ("call demo echo a=1", "b", .arguments(of: "echo", isPrompt: false)),
            ("call --json demo -v", "", .tools), ("call --timeout 3 demo", "", .tools),
            ("call --timeout", "", .nothing), ("call demo", "--js", .options(command: "call")),
            ("call demo echo", "@fi", .files), ("call demo --color", "", .values(["auto", "always", "never"])),
            ("call demo", "--color=al", .values(["auto", "always", "never"])), ("call demo --cwd", "", .directories),
            ("call demo --task", "", .values(["wait", "handle"])), ("call demo --env-file", "x", .files),
            ("call demo --protocol", "", .protocols), ("test demo --call", "", .tools),
            ("read demo", "demo://w", .resources), ("prompt demo", "", .prompts),
            ("prompt demo summarize", "", .arguments(of: "summarize", isPrompt: true)),
            ("raw demo", "", .methods), ("compare a.py --with", "", .target), ("compare a.py --with b.py", "", .tools),
            ("compare a.py --with b.py --resource", "", .resources),
            ("complete demo --prompt", "", .prompts), ("complete demo --template", "", .templates),
            ("complete demo --prompt summarize", "", .arguments(of: "summarize", isPrompt: true)),
            ("complete demo --template demo://weather/{city}", "", .templateArguments(of: "demo://weather/{city}")),
            ("install", "", .hosts), ("completions", "", .values(["bash", "zsh", "fish"])),
            ("demo --fault", "", .faults),
            ("test --", "uv", .serverCommand), ("call echo -- uv run", "", .serverCommand),
            ("serve --transport", "", .values(["stdio", "streamable-http", "sse"])),
        ] as [(String, String, CompletionSubject.Kind)]
    )
    func theWordAtTheCursorIsWhatTheCommandExpectsThere(
        words: String,
        current: String,
        expected: CompletionSubject.Kind
    ) {
        let subject = CompletionSubject(words.split(separator: " ").map(String.init), current: current)
        #expect(subject.kind == expected)
    }

    @Test func anOptionWithoutItsValueIsNotPartOfTheTargetsWords() {
        let subject = CompletionSubject(["test", "a.py", "--env", "A=1", "--call"], current: "")
        #expect(subject.context == ["test", "a.py", "--env", "A=1"])
    }

    @Test func aLineIsSplitAsAShellDoes() {
        #expect(TypedLine("a 'b c' d\\ e \"f\\\"g").words == ["a", "b c", "d e"])
        #expect(TypedLine("a 'b c' d\\ e \"f\\\"g").current == "f\"g")
        #expect(TypedLine("a 'b c").quote == "'")
        #expect(TypedLine("a b ") == TypedLine(words: ["a", "b"], current: ""))
    }
}
