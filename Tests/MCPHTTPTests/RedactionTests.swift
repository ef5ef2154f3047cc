import JSON
import MCPHTTP
import Testing

@Suite
struct RedactionTests {
    @Test(arguments: [
        ("Authorization", "Bearer abc", "Bearer [redacted]"), ("authorization", "abc", "[redacted]"),
        ("Proxy-Authorization", "Basic abc", "Basic [redacted]"), ("Cookie", "a=b", "[redacted]"),
        ("Set-Cookie", "a=b; Path=/", "[redacted]"), ("X-Api-Key", "k", "[redacted]"),
        ("x-auth-token", "k", "[redacted]"),
        ("X-Amz-Security-Token", "k", "[redacted]"), ("Client-Secret", "k", "[redacted]"),
        ("Mcp-Session-Id", "0123456789abcdef0123", "012345… (20 characters)"),
        ("MCP-SESSION-ID", "short", "[redacted]"),
        ("Location", "https://u:p@login.example/?token=1&next=/", "https://login.example/?token=[redacted]&next=/"),
        ("WWW-Authenticate", #"Bearer resource_metadata="https://h/x""#, #"Bearer resource_metadata="https://h/x""#),
        ("Content-Type", "text/html", "text/html"), ("MCP-Protocol-Version", "x", "x"),
        ("Server", "uvicorn", "uvicorn"),
    ])
    func headersAreShownWithoutTheirSecrets(_ name: String, _ value: String, _ shown: String) {
        #expect(Redaction.value(of: name, value) == shown)
    }

    @Test(arguments: [
        ("X-Tenant", "acme", "[redacted]"), ("User-Agent", "curl/8", "curl/8"), ("Accept", "*/*", "*/*"),
        ("Authorization", "Bearer abc", "Bearer [redacted]"), ("X-Anything", "Key abc", "[redacted]"),
    ])
    func ofTheUsersOwnHeadersOnlyHarmlessValuesAreShown(_ name: String, _ value: String, _ shown: String) {
        #expect(Redaction.value(ofUserField: name, value) == shown)
    }

    @Test(arguments: [
        ("me:pw@localhost:8000/mcp", "[redacted]@localhost:8000/mcp"), ("http:me:pw@h/x", "[redacted]@h/x"),
        ("htp://me:pw@h/?token=abc", "htp://[redacted]@h/?token=[redacted]"),
        ("http://me:p/w@h/mcp", "http://[redacted]@h/mcp"), ("http://token@h/ x", "http://[redacted]@h/ x"),
        ("//me@h/mcp", "//[redacted]@h/mcp"), ("localhost:8000/mcp", "localhost:8000/mcp"),
        ("npx @scope/package@1", "npx @scope/package@1"), ("./server@2.py", "./server@2.py"),
    ])
    func userInformationOfAMalformedURLIsReplaced(_ text: String, _ shown: String) {
        #expect(Redaction.malformedURL(text) == shown)
    }
}

@Suite
struct SecretRedactorTests {
    private func redactor(_ fields: [(String, String)]) -> SecretRedactor {
        var redactor = SecretRedactor()
        for (name, value) in fields { redactor.add(field: name, value) }
        return redactor
    }

    @Test(arguments: [
        ("Authorization", "Bearer t0ken", "invalid t0ken", "invalid [redacted]"),
        ("Authorization", "Bearer t0ken", "got 'Bearer t0ken'", "got '[redacted]'"),
        ("Authorization", "Basic bWU6aHVudGVyMg==", "no user me:hunter2", "no user [redacted]"),
        ("Authorization", "Basic bWU6aHVudGVyMg==", "wrong password hunter2", "wrong password [redacted]"),
        ("X-Api-Key", "a\"b\\c", #"{"key":"a\"b\\c"}"#, #"{"key":"[redacted]"}"#),
        ("X-Tenant", "acme-corporation", "tenant acme-corporation", "tenant [redacted]"),
        ("X-Format", "json", "application/json", "application/json"), ("X-Api-Key", "abc", "abc", "abc"),
        ("User-Agent", "curl/8.0.0", "curl/8.0.0", "curl/8.0.0"),
    ])
    func aSecretThatWasSentIsReplacedWhereverItOccurs(
        _ name: String,
        _ value: String,
        _ text: String,
        _ shown: String
    ) {
        #expect(redactor([(name, value)]).redact(text) == shown)
    }

    @Test
    func theLongerOfTwoSecretsIsReplacedWhole() {
        let redactor = redactor([("X-Api-Key", "abcd"), ("X-Other-Key", "x"), ("X-Token", "abcdefgh")])
        #expect(redactor.redact("abcdefgh abcd") == "[redacted] [redacted]")
    }

    @Test
    func aSecretThatIsCutAtTheEndOfAnExcerptIsReplaced() {
        let redactor = redactor([("X-Token", "abcdefgh")])
        #expect(redactor.redact(Array("key abcdef".utf8), isCut: true) == "key [redacted]")
        #expect(redactor.redact(Array("key abcdef".utf8), isCut: false) == "key abcdef")
    }

    @Test
    func stringsWithinJSONAreRedacted() {
        let redactor = redactor([("X-Token", "s3cret")])
        #expect(
            redactor.redact(["a": ["is s3cret", 1, nil], "b": ["c": "s3cret"]] as JSONObject)
                == ["a": ["is [redacted]", 1, nil], "b": ["c": "[redacted]"]]
        )
    }

    @Test
    func passwordAndSecretParametersOfAURLAreReplaced() throws {
        var redactor = SecretRedactor()
        redactor.add(try HTTPURL("http://me:hunter2@h/mcp?api_key=k%20ey&page=12345"))
        #expect(
            redactor.redact("hunter2 bWU6aHVudGVyMg== k%20ey k ey 12345")
                == "[redacted] [redacted] [redacted] [redacted] 12345"
        )
    }
}
