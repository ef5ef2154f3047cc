import JSON
import MCPHTTPClient
import TestSupport
import Tester
import Testing

/// What `connect_to_server` makes of its arguments where they name a URL.
@Suite(.timeLimit(.minutes(15)))
struct ConnectInputTests {
    @Test func aURLIsConnectedToWithItsHeadersAndToken() async throws {
        let tester = try TesterUnderTest()
        let answer = try await TesterHost(tester).answer(
            "connect_to_server",
            ["url": "http://localhost:8000/mcp", "headers": ["X-Key": "s3cret"], "auth": "t0ken"]
        )
        #expect(answer["success"] == true, "\(answer)")
        let endpoint = try #require(try tester.target.endpoint)
        #expect(endpoint.url == "http://localhost:8000/mcp")
        #expect(endpoint.transport == .auto)
        #expect(endpoint.headers == [HTTPField("X-Key", "s3cret"), HTTPField("Authorization", "Bearer t0ken")])
        #expect(endpoint.tls == TLSChoice())
        #expect(answer["connection"]?["server_url"] == "http://localhost:8000/mcp")
        for place in [answer["connection"], answer["metadata"]] {
            #expect(place?["headers_provided"] == true)
            #expect(place?["auth_type"] == "bearer")
        }
        #expect(!answer.description.contains("s3cret"))
        #expect(!answer.description.contains("t0ken"))
    }

    @Test("demo connects to the built-in server, which the running program serves")
    func demoIsTheBuiltInServer() async throws {
        let tester = try TesterUnderTest()
        let report = try await TesterHost(tester).answer("connect_to_server", ["url": "demo"])
        #expect(report["success"] == true, "\(report)")
        #expect(report["connection"]?["server_url"] == "demo")
        let process = try #require(try tester.target.process)
        #expect(process.command == OwnExecutable.path)
        #expect(process.arguments == ["demo"])
    }

    @Test func aURLWithoutAnythingSaysSo() async throws {
        let answer = try await TesterHost(TesterUnderTest()).answer(
            "connect_to_server",
            ["url": "http://localhost:8000/mcp"]
        )
        #expect(answer["metadata"]?["headers_provided"] == false)
        #expect(answer["metadata"]?["auth_type"]?.isNull == true)
    }

    @Test func theObjectOfABearerTokenIsTakenToo() async throws {
        let tester = try TesterUnderTest()
        let auth: JSONValue = ["type": "bearer", "token": "t0ken"]
        try await TesterHost(tester).call("connect_to_server", ["url": "https://x.example/mcp", "auth": auth])
        #expect(try tester.target.endpoint?.headers == [HTTPField("Authorization", "Bearer t0ken")])
    }

    @Test func theDefaultTokenIsForURLsWithoutCredentialsOnly() async throws {
        let tester = try TesterUnderTest(defaultToken: "d3fault")
        let host = try await TesterHost(tester)
        let plain = try await host.answer("connect_to_server", ["url": "https://x.example/mcp"])
        #expect(try tester.target.endpoint?.headers == [HTTPField("Authorization", "Bearer d3fault")])
        #expect(plain["metadata"]?["auth_type"] == "bearer")
        #expect(plain["metadata"]?["auth_source"] == "MCP_TEST_AUTH_TOKEN")
        #expect(plain["metadata"]?["headers_provided"] == false)
        try await host.call("connect_to_server", ["url": "https://x.example/mcp", "auth": "own"])
        #expect(try tester.target.endpoint?.headers == [HTTPField("Authorization", "Bearer own")])
        let own: JSONObject = ["url": "https://x.example/mcp", "headers": ["authorization": "Basic own"]]
        let basic = try await host.answer("connect_to_server", own)
        #expect(try tester.target.endpoint?.headers == [HTTPField("authorization", "Basic own")])
        #expect(basic["metadata"]?["auth_type"] == "basic")
        try await host.call("connect_to_server", ["url": "https://me:pw@x.example/mcp"])
        #expect(try tester.target.endpoint?.headers == [])
        try await host.call("connect_to_server", ["command": "canned"])
        #expect(try tester.target.authType == nil)
    }

    @Test func anAuthorizationBesideAuthIsSaidToBeUnused() async throws {
        let tester = try TesterUnderTest()
        let answer = try await TesterHost(tester).answer(
            "connect_to_server",
            ["url": "https://x.example/mcp", "auth": "one", "headers": ["Authorization": "Bearer two"]]
        )
        #expect(answer["findings"]?[0]?["failure_class"] == "usage")
        #expect(try tester.target.endpoint?.headers == [HTTPField("Authorization", "Bearer one")])
    }

    @Test func howAURLIsReachedCanBeSaid() async throws {
        let tester = try TesterUnderTest()
        let arguments: JSONObject = [
            "url": "https://x.example/events", "transport": "sse", "insecure": true, "ca_file": "/ca.pem",
            "follow_redirects": true,
        ]
        let answer = try await TesterHost(tester).answer("connect_to_server", arguments)
        let endpoint = try #require(try tester.target.endpoint)
        #expect(endpoint.transport == .sse)
        #expect(endpoint.tls == TLSChoice(authorities: "/ca.pem", verifies: false))
        #expect(endpoint.followsRedirects)
        #expect(answer["verdict"]?.string?.contains("certificate NOT verified") == true)
        #expect(answer["metadata"]?["caution"] == "certificate NOT verified")
    }

    @Test(
        arguments: [
            (["url": "http:/localhost/mcp"], "does not start with http://"),
            (["url": "http://"], "has no host"),
            (["url": "http://localhost:99999/mcp"], "invalid port 99999;"),
            (["url": "http://x/mcp", "transport": "stdio"], "Unknown transport \"stdio\""),
            (
                ["url": "http://x/mcp", "auth": ["type": "oauth", "client_secret": "s3cret"]],
                "only one of client_id and client_secret"
            ),
            (["url": "http://u:p@x/mcp", "auth": "oauth"], "the server has other credentials"),
            (["url": "http://x/mcp", "auth": ["type": "bearer"]], "type bearer but no token"),
            (["url": "http://x/mcp", "auth": ["type": "magic"]], "an unknown type"),
            (["url": "http://x/mcp", "auth": [:]], "no type"),
            (["url": "http://x/mcp", "auth": "s3cret with spaces"], "characters that an HTTP header cannot have"),
        ] as [(JSONObject, String)]
    )
    func whatMakesNoSenseIsToldBeforeAnythingIsSent(_ arguments: JSONObject, _ text: String) async throws {
        let answer = try await TesterHost(TesterUnderTest()).answer("connect_to_server", arguments)
        #expect(answer["failure_class"] == "usage", "\(answer)")
        #expect(answer["error"]?["message"]?.string?.contains(text) == true, "\(answer)")
        #expect(answer["error"]?["suggestion"]?.string?.isEmpty == false)
        #expect(!answer.description.contains("s3cret"))
    }

    @Test func whatOnlyAProcessHasIsSaidToHaveNoMeaning() async throws {
        let answer = try await TesterHost(TesterUnderTest()).answer(
            "connect_to_server",
            ["url": "http://x/mcp", "args": ["-x"], "env": ["A": "s3cret"], "cwd": "/tmp"]
        )
        #expect(answer["success"] == true)
        #expect(answer["findings"]?.array?.map { $0["failure_class"] } == ["usage", "usage", "usage"])
        #expect(!answer.description.contains("s3cret"))
    }

    @Test func secretsInAURLAreInNoAnswer() async throws {
        let url = "https://me:s3cret-1@x.example:8443/mcp?api_key=s3cret-2&page=3"
        let working = try await TesterHost(TesterUnderTest())
        let connected = try await working.answer("connect_to_server", ["url": .string(url)])
        let shown = "https://x.example:8443/mcp?api_key=‹redacted:query›&page=3"
        #expect(connected["metadata"]?["server_url"]?.string == shown)
        #expect(connected["metadata"]?["auth_type"] == "basic")
        try await working.call("get_connection_status")
        try await working.call("list_tools")
        try await working.call("disconnect")
        let refusing = try await TesterHost(TesterUnderTest { _, _ in .error(#"{"code":1,"message":"no"}"#) })
        let failed = try await refusing.answer("connect_to_server", ["url": .string(url)])
        #expect(failed["metadata"]?["attempted_url"]?.string == shown)
        for frame in working.wire.inbox.frames + refusing.wire.inbox.frames {
            #expect(!String(decoding: frame, as: UTF8.self).contains("s3cret"))
        }
    }
}
