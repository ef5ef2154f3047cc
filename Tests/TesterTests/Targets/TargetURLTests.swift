import JSON
import MCPHTTPClient
import TestSupport
import Tester
import Testing

/// Targets that are named by a URL.
@Suite struct TargetURLTests {
    @Test(arguments: [
        ("http://localhost:8000/mcp", HTTPEndpoint.TransportChoice.auto), ("HTTPS://example.com", .auto),
        ("http://[::1]:8000/mcp?x=1", .auto), ("http://h/sse", .sse), ("http://h/a/sse?x=/mcp", .sse),
        ("http://h/mcp?x=/sse", .auto), ("http://h/classes", .auto),
    ])
    func aURLIsReachedOverHTTPAndOneThatEndsInSSEByThat(
        _ text: String,
        _ transport: HTTPEndpoint.TransportChoice
    ) throws {
        let endpoint = try #require(try TargetResolver(directory: "/").resolve(text).endpoint)
        #expect(endpoint.url == text)
        #expect(endpoint.transport == transport)
    }

    @Test func aTransportThatIsNamedStays() throws {
        let endpoint = HTTPEndpoint(url: "", transport: .streamableHTTP)
        let target = try TargetResolver(directory: "/").resolve("http://h/sse", endpoint: endpoint)
        #expect(target.endpoint?.transport == .streamableHTTP)
    }

    @Test(arguments: [
        ("http://h/mcp", "http://h/mcp"), ("http://u:p@h:1/mcp#x", "http://h:1/mcp"),
        ("http://u@v@h/mcp", "http://h/mcp"),
        (
            "http://h/?token=a&page=2&X-Api-Key=b&flag",
            "http://h/?token=‹redacted:query›&page=2&X-Api-Key=‹redacted:query›&flag"
        ),
        ("http://h?code=1", "http://h?code=‹redacted:query›"), ("http://H/Mcp", "http://H/Mcp"),
    ])
    func whatMayBeSecretIsNotInItsName(_ text: String, _ name: String) throws {
        let target = try TargetResolver(directory: "/").resolve(text)
        #expect(target.name == name)
        #expect(target.json["url"]?.string == name)
        #expect(target.endpoint?.url == text, "it is sent as it was given")
    }

    @Test(arguments: [
        ("htp://localhost/mcp", "Did you mean http://?"), ("ws://localhost", "Unknown URL scheme ws://"),
        ("http:localhost/mcp", "does not start with http://"), ("http://", "no host"), ("http:///mcp", "no host"),
        ("http://:80/mcp", "no host"), ("http://h:0/", "invalid port 0;"),
        ("http://h:port/", "invalid port port;"),
        ("http://[::1/", "closing ]"), ("http://::1/", "not in brackets"), ("http://h/a b", "a space"),
        ("http://h\u{0}/", "a control character"), ("http://ü/", "non-ASCII"),
    ])
    func aURLThatNoServerCanHaveIsRefusedWithWhatWouldBeRight(_ text: String, _ reason: String) throws {
        let failure = try #require(throws: Failure.self) { try TargetResolver(directory: "/").resolve(text) }
        #expect(failure.failureClass == .usage)
        #expect(failure.errorType == .invalidArguments)
        #expect(failure.message.contains(reason), "\(failure.message)")
        #expect(!failure.nextStep.isEmpty)
    }

    @Test(arguments: ["localhost:8000/mcp", "127.0.0.1:3000"])
    func aURLWithoutASchemeIsNoticed(_ text: String) throws {
        let failure = try #require(throws: Failure.self) { try TargetResolver(directory: "/").resolve(text) }
        #expect(failure.nextStep == "If a server listens there, write http://\(text).")
    }

    @Test(arguments: ["me:hunter2@localhost:8000/mcp", "me:hunter2@localhost:8000", "me:hunter2@h"])
    func thePasswordOfAURLWithoutASchemeIsNotRepeated(_ text: String) throws {
        let failure = try #require(throws: Failure.self) { try TargetResolver(directory: "/").resolve(text) }
        #expect(!"\(failure.message) \(failure.nextStep) \(failure.details)".contains("hunter2"), "\(failure)")
        #expect(failure.message.contains("‹redacted:password›@"))
    }

    @Test func aTokenTakesThePlaceOfOtherCredentials() throws {
        let fields = [HTTPField("A", "1"), HTTPField("authorization", "Basic x"), HTTPField("B", "2")]
        var target = try Target(HTTPEndpoint(url: "http://h/mcp", headers: fields))
        #expect(target.authType == "basic")
        target.authorize(bearer: "t0ken")
        #expect(target.authType == "bearer")
        #expect(target.endpoint?.headers.map(\.name) == ["A", "B", "Authorization"])
        #expect(!JSONValue.object(target.json).description.contains("t0ken"))
    }

    @Test func variablesThatSayNothingMeanNoProxy() {
        #expect(ProxyChoice.reading { _ in nil } == .none)
        #expect(ProxyChoice.reading { _ in "" } == .none)
        #expect(
            ProxyChoice.reading { $0 == "HTTPS_PROXY" ? "http://p:1" : nil }
                == .environment(["HTTPS_PROXY": "http://p:1"])
        )
        #expect(ProxyChoice.reading { $0 == "HTTP_PROXY" ? "http://p:1" : nil } == .none, "a request could have set it")
    }
}
