import Testing

@testable import TesterCommands

@Suite struct ArgumentRedactionTests {
    @Test(arguments: [
        ("server.py", "server.py"), ("message=a=b", "message=a=b"), ("@scope/package", "@scope/package"),
        ("localhost:8000", "localhost:8000"), ("npx -y @scope/server", "npx -y @scope/server"),
        ("email=a@b.c", "email=a@b.c"), ("http://h:80/mcp?page=1", "http://h:80/mcp?page=1"),
        ("--json", "--json"), ("file:///a:b", "file:///a:b"), ("note: none", "note: ‹redacted:header›"),
        ("me:s3cret@h/mcp", "‹redacted:password›@h/mcp"), ("https://me:s3/cret@h/x", "https://‹redacted:password›@h/x"),
        ("http://h/mcp?api_key=s3cret&page=1", "http://h/mcp?api_key=‹redacted:query›&page=1"),
        ("X-Key: s3cret", "X-Key: ‹redacted:header›"), ("Bearer s3cret", "Bearer ‹redacted:token›"),
        ("password=s3cret", "password=‹redacted:argument›"),
        ("--header=X-Key: s3cret", "--header=X-Key: ‹redacted:header›"),
        ("--auth-token=s3cret", "--auth-token=‹redacted:argument›"),
        ("run me:s3cret@h now", "run ‹redacted:password›@h now"),
    ])
    func secretsInAWordAreReplaced(word: String, expected: String) {
        #expect(ArgumentRedaction.shown(word) == expected)
    }

    @Test func aMessageIsRedactedByTheWordsThatItRepeats() {
        let message = "The value 'Bearer s3cret' is invalid for '--timeout'"
        let redacted = ArgumentRedaction.redact(message, words: ["list", "--timeout=Bearer s3cret"])
        #expect(redacted == "The value 'Bearer ‹redacted:token›' is invalid for '--timeout'")
    }
}
