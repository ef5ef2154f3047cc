import JSON
import MCPHTTP
import Testing

@Suite
struct RedactionTests {
    @Test(arguments: [
        ("Authorization", "Bearer abc", "Bearer ‹redacted:token›"), ("authorization", "abc", "‹redacted:token›"),
        ("Proxy-Authorization", "Basic abc", "Basic ‹redacted:token›"), ("Cookie", "a=b", "‹redacted:header›"),
        ("Set-Cookie", "a=b; Path=/", "‹redacted:header›"), ("X-Api-Key", "k", "‹redacted:header›"),
        ("x-auth-token", "k", "‹redacted:header›"),
        ("X-Amz-Security-Token", "k", "‹redacted:header›"), ("Client-Secret", "k", "‹redacted:header›"),
        ("Mcp-Session-Id", "0123456789abcdef0123", "012345… (20 characters)"),
        ("MCP-SESSION-ID", "short", "‹redacted:header›"),
        (
            "Location", "https://u:p@login.example/?token=1&next=/",
            "https://login.example/?token=‹redacted:query›&next=/"
        ),
        ("WWW-Authenticate", #"Bearer resource_metadata="https://h/x""#, #"Bearer resource_metadata="https://h/x""#),
        ("Content-Type", "text/html", "text/html"), ("MCP-Protocol-Version", "x", "x"),
        ("Server", "uvicorn", "uvicorn"),
    ])
    func headersAreShownWithoutTheirSecrets(_ name: String, _ value: String, _ shown: String) {
        #expect(Redaction.value(of: name, value) == shown)
    }

    @Test(arguments: [
        ("X-Tenant", "acme", "‹redacted:header›"), ("User-Agent", "curl/8", "curl/8"), ("Accept", "*/*", "*/*"),
        ("Authorization", "Bearer abc", "Bearer ‹redacted:token›"), ("X-Anything", "Key abc", "‹redacted:header›"),
    ])
    func ofTheUsersOwnHeadersOnlyHarmlessValuesAreShown(_ name: String, _ value: String, _ shown: String) {
        #expect(Redaction.value(ofUserField: name, value) == shown)
    }

    @Test(arguments: [
        ("me:pw@localhost:8000/mcp", "‹redacted:password›@localhost:8000/mcp"),
        ("http:me:pw@h/x", "‹redacted:password›@h/x"),
        ("htp://me:pw@h/?token=abc", "htp://‹redacted:password›@h/?token=‹redacted:query›"),
        ("http://me:p/w@h/mcp", "http://‹redacted:password›@h/mcp"),
        ("http://token@h/ x", "http://‹redacted:password›@h/ x"),
        ("//me@h/mcp", "//‹redacted:password›@h/mcp"), ("localhost:8000/mcp", "localhost:8000/mcp"),
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
        ("Authorization", "Bearer t0ken", "invalid t0ken", "invalid ‹redacted:token›"),
        ("Authorization", "Bearer t0ken", "got 'Bearer t0ken'", "got '‹redacted:token›'"),
        ("Authorization", "Basic bWU6aHVudGVyMg==", "no user me:hunter2", "no user ‹redacted:password›"),
        ("Authorization", "Basic bWU6aHVudGVyMg==", "wrong password hunter2", "wrong password ‹redacted:password›"),
        ("X-Api-Key", "a\"b\\c", #"{"key":"a\"b\\c"}"#, #"{"key":"‹redacted:header›"}"#),
        ("X-Tenant", "acme-corporation", "tenant acme-corporation", "tenant ‹redacted:header›"),
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
        #expect(redactor.redact("abcdefgh abcd") == "‹redacted:header› ‹redacted:header›")
    }

    @Test
    func aSecretThatIsCutAtTheEndOfAnExcerptIsReplaced() {
        let redactor = redactor([("X-Token", "abcdefgh")])
        #expect(redactor.redact(Array("key abcdef".utf8), isCut: true) == "key ‹redacted:header›")
        #expect(redactor.redact(Array("key abcdef".utf8), isCut: false) == "key abcdef")
    }

    @Test
    func stringsWithinJSONAreRedacted() {
        let redactor = redactor([("X-Token", "s3cret")])
        #expect(
            redactor.redact(["a": ["is s3cret", 1, nil], "b": ["c": "s3cret"]] as JSONObject)
                == ["a": ["is ‹redacted:header›", 1, nil], "b": ["c": "‹redacted:header›"]]
        )
    }

    @Test
    func passwordAndSecretParametersOfAURLAreReplaced() throws {
        var redactor = SecretRedactor()
        redactor.add(try HTTPURL("http://me:hunter2@h/mcp?api_key=k%20ey&page=12345"))
        #expect(
            redactor.redact("hunter2 bWU6aHVudGVyMg== k%20ey k ey 12345")
                == "‹redacted:password› ‹redacted:token› ‹redacted:query› ‹redacted:query› 12345"
        )
    }
}
