import Testing

@testable import TesterCommands

@Suite struct ArgumentRedactionTests {
    @Test(arguments: [
        ("server.py", "server.py"), ("message=a=b", "message=a=b"), ("@scope/package", "@scope/package"),
        ("localhost:8000", "localhost:8000"), ("npx -y @scope/server", "npx -y @scope/server"),
        ("email=a@b.c", "email=a@b.c"), ("http://h:80/mcp?page=1", "http://h:80/mcp?page=1"),
        ("--json", "--json"), ("file:///a:b", "file:///a:b"), ("note: none", "note: [redacted]"),
        ("me:s3cret@h/mcp", "[redacted]@h/mcp"), ("https://me:s3/cret@h/x", "https://[redacted]@h/x"),
        ("http://h/mcp?api_key=s3cret&page=1", "http://h/mcp?api_key=[redacted]&page=1"),
        ("X-Key: s3cret", "X-Key: [redacted]"), ("Bearer s3cret", "Bearer [redacted]"),
        ("password=s3cret", "password=[redacted]"), ("--header=X-Key: s3cret", "--header=X-Key: [redacted]"),
        ("--auth-token=s3cret", "--auth-token=[redacted]"), ("run me:s3cret@h now", "run [redacted]@h now"),
    ])
    func secretsInAWordAreReplaced(word: String, expected: String) {
        #expect(ArgumentRedaction.shown(word) == expected)
    }

    @Test func aMessageIsRedactedByTheWordsThatItRepeats() {
        let message = "The value 'Bearer s3cret' is invalid for '--timeout'"
        let redacted = ArgumentRedaction.redact(message, words: ["list", "--timeout=Bearer s3cret"])
        #expect(redacted == "The value 'Bearer [redacted]' is invalid for '--timeout'")
    }
}
