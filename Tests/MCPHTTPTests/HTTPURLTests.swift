import MCPHTTP
import Testing

@Suite
struct HTTPURLTests {
    @Test
    func aURLIsTakenApart() throws {
        let url = try HTTPURL("HTTPS://us%40er:p%3Ass@Example.COM:8443/a/b?x=1&y=ü#part")
        #expect(url.isSecure)
        #expect(url.userInformation?.user == "us@er")
        #expect(url.userInformation?.password == "p:ss")
        #expect(url.host == "example.com")
        #expect(url.port == 8443)
        #expect(url.requestText == "https://example.com:8443/a/b?x=1&y=%C3%BC")
    }

    @Test(arguments: [
        ("http://[::1]:8080/mcp", "http://[::1]:8080", "/mcp"), ("http://localhost", "http://localhost", "/"),
        ("http://localhost:80/", "http://localhost", "/"), ("https://h?q", "https://h", "/?q"),
        ("http://h:/x", "http://h", "/x"), ("http://a@b@h/", "http://h", "/"),
    ])
    func originAndTargetAreWhatTheWireNeeds(_ text: String, _ origin: String, _ target: String) throws {
        let url = try HTTPURL(text)
        #expect(url.origin == origin)
        #expect(url.target == target)
    }

    @Test(arguments: [
        ("localhost:8080", "does not begin with http:// or https://"),
        ("ftp://h/", "does not begin with http:// or https://"),
        ("http://", "names no host"), ("http://:80", "names no host"), ("http:///x", "names no host"),
        ("http://h:0", "has 0 where a port from 1 to 65535 is expected"),
        ("http://h:99999", "has 99999 where a port from 1 to 65535 is expected"),
        ("http://h:8o", "has 8o where a port from 1 to 65535 is expected"),
        ("http://::1/", "has an IPv6 address without [ ] around it"), ("http://h/a b", "has a space in it"),
        ("http://h/\n", "has a control character in it"),
        ("http://[::1/", "has an address that begins with [ and does not end with ]"),
        ("http://bücher.example/", "has letters in its host that are not ASCII; write it in Punycode (xn--…)"),
    ])
    func whatIsNoURLSaysWhy(_ text: String, _ fault: String) {
        #expect { try HTTPURL(text) } throws: { "\($0)" == fault }
    }

    @Test(arguments: [
        ("/messages/?session_id=1", "http://h:1/messages/?session_id=1"), ("messages", "http://h:1/a/messages"),
        ("../m", "http://h:1/m"), ("./m/./n/..", "http://h:1/a/m/"), ("../../../m", "http://h:1/m"),
        ("?s=1", "http://h:1/a/sse?s=1"),
        ("http://h:1/x", "http://h:1/x"), ("//other/x", "http://other/x"), ("https://h:1/x", "https://h:1/x"),
        ("", "http://h:1/a/sse?q"), ("/x?u=http://y", "http://h:1/x?u=http://y"),
    ])
    func referencesAreResolved(_ reference: String, _ expected: String) throws {
        #expect(try HTTPURL("http://h:1/a/sse?q").resolving(reference).requestText == expected)
    }

    @Test
    func nothingSecretIsShown() throws {
        let url = try HTTPURL("https://user:hunter2@h/mcp?api_key=s3cret&tenant=7&access_token=s3cret")
        #expect("\(url)" == "https://h/mcp?api_key=[redacted]&tenant=7&access_token=[redacted]")
        #expect(url.userInformation?.basicCredentials == "Basic dXNlcjpodW50ZXIy")
    }
}

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
    func fieldsOfAnExchangeAreShownWithoutTheirSecrets(_ name: String, _ value: String, _ shown: String) {
        #expect(Redaction.value(of: name, value) == shown)
    }

    @Test(arguments: [
        ("X-Tenant", "acme", "[redacted]"), ("User-Agent", "curl/8", "curl/8"), ("Accept", "*/*", "*/*"),
        ("Authorization", "Bearer abc", "Bearer [redacted]"), ("X-Anything", "Key abc", "[redacted]"),
    ])
    func ofTheUsersOwnFieldsOnlyHarmlessValuesAreShown(_ name: String, _ value: String, _ shown: String) {
        #expect(Redaction.value(ofUserField: name, value) == shown)
    }
}
