import MCPHTTP
import Testing

@Suite
struct HTTPURLTests {
    @Test
    func aURLIsParsedIntoItsParts() throws {
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
    func originAndTargetAreSplitForTheRequest(_ text: String, _ origin: String, _ target: String) throws {
        let url = try HTTPURL(text)
        #expect(url.origin == origin)
        #expect(url.target == target)
    }

    @Test(arguments: [
        ("localhost:8080", "does not start with http:// or https://"),
        ("ftp://h/", "does not start with http:// or https://"),
        ("http://", "has no host"), ("http://:80", "has no host"), ("http:///x", "has no host"),
        ("http://h:0", "has an invalid port 0; expected 1 to 65535"),
        ("http://h:99999", "has an invalid port 99999; expected 1 to 65535"),
        ("http://h:8o", "has an invalid port 8o; expected 1 to 65535"),
        ("http://::1/", "has an IPv6 address that is not in brackets"), ("http://h/a b", "contains a space"),
        ("http://h/\n", "contains a control character"),
        ("http://[::1/", "has an IPv6 address without a closing ]"),
        ("http://bücher.example/", "has a host with non-ASCII characters; write it in Punycode (xn--…)"),
    ])
    func anInvalidURLIsRejectedWithTheReason(_ text: String, _ fault: String) {
        #expect { try HTTPURL(text) } throws: { "\($0)" == fault }
    }

    @Test(arguments: [
        ("/messages/?session_id=1", "http://h:1/messages/?session_id=1"), ("messages", "http://h:1/a/messages"),
        ("../m", "http://h:1/m"), ("./m/./n/..", "http://h:1/a/m/"), ("../../../m", "http://h:1/m"),
        ("?s=1", "http://h:1/a/sse?s=1"),
        ("http://h:1/x", "http://h:1/x"), ("//other/x", "http://other/x"), ("https://h:1/x", "https://h:1/x"),
        ("", "http://h:1/a/sse?q"), ("/x?u=http://y", "http://h:1/x?u=http://y"),
    ])
    func relativeReferencesAreResolved(_ reference: String, _ expected: String) throws {
        #expect(try HTTPURL("http://h:1/a/sse?q").resolving(reference).requestText == expected)
    }

    @Test
    func theDescriptionContainsNoSecrets() throws {
        let url = try HTTPURL("https://user:hunter2@h/mcp?api_key=s3cret&tenant=7&access_token=s3cret")
        #expect("\(url)" == "https://h/mcp?api_key=‹redacted:query›&tenant=7&access_token=‹redacted:query›")
        #expect(url.userInformation?.basicCredentials == "Basic dXNlcjpodW50ZXIy")
    }

    @Test(arguments: ["http://me:hunter2/x@h/mcp", "http://me:hunter2/@h", "http://me:hunter2/mcp?user=a@b"])
    func aPasswordThatReadsLikeAPortIsNotQuoted(_ text: String) {
        #expect { try HTTPURL(text) } throws: { "\($0)" == "has an invalid port; expected 1 to 65535" }
    }
}
