import Foundation
import JSON
import TestSupport
import Testing

/// Servers whose authorization is broken on the wire: each command ends, and says what happened, where, and what to do.
@Suite(.timeLimit(.minutes(5)))
struct BrokenAuthorizationTests {
    /// What is broken.
    enum Fault: String, CaseIterable, Sendable {
        case webPageInsteadOfToken, deniedConsent, foreignState, foreignIssuer, endlessMetadata, redirectedMetadata
    }

    private static func serve(_ fault: Fault) throws -> ScriptedHTTPServer {
        try ScriptedHTTPServer { connection in
            while let request = try await connection.readRequest() {
                try await answer(request, fault, on: connection)
            }
        }
    }

    private static func answer(
        _ request: ScriptedHTTPRequest,
        _ fault: Fault,
        on connection: ScriptedHTTPConnection
    ) async throws {
        let origin = "http://\(request["host"] ?? "")"
        let query = request.target.split(separator: "?").last.map(String.init) ?? ""
        switch String(request.target.prefix { $0 != "?" }) {
        case let path where path.hasPrefix("/.well-known/oauth-protected-resource"):
            if fault == .redirectedMetadata {
                return try await connection.answer(302, [("Location", "http://169.254.169.254/latest")])
            }
            if fault == .endlessMetadata {
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
                try await connection.send("\(head)\r\n\r\n")
                while true { try await connection.chunk(String(repeating: " ", count: 10_000)) }
            }
            let document = #"{"resource":"\#(origin)/mcp","authorization_servers":["\#(origin)"]}"#
            try await connection.answer(200, body: document)
        case "/.well-known/oauth-authorization-server":
            let document: JSONValue = [
                "issuer": .string(origin), "authorization_endpoint": .string("\(origin)/authorize"),
                "token_endpoint": .string("\(origin)/token"), "registration_endpoint": .string("\(origin)/register"),
                "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": ["none"],
            ]
            try await connection.answer(200, body: document.description)
        case "/register": try await connection.answer(201, body: #"{"client_id":"registered"}"#)
        case "/authorize":
            let target = AuthSuiteServer.value("redirect_uri", query)?.removingPercents ?? ""
            let state = AuthSuiteServer.value("state", query) ?? ""
            let parameters =
                switch fault {
                case .deniedConsent: "error=access_denied&error_description=the+boss+says+no&state=\(state)"
                case .foreignState: "code=code-s3cret&state=another"
                case .foreignIssuer: "code=code-s3cret&state=\(state)&iss=https://evil.example"
                default: "code=code-s3cret&state=\(state)"
                }
            try await connection.answer(302, [("Location", "\(target)?\(parameters)")])
        case "/token" where fault == .webPageInsteadOfToken:
            try await connection.answer(200, [("Content-Type", "text/html")], body: "<p>\(request.text)</p>")
        case "/token": try await connection.answer(400, body: #"{"error":"invalid_grant"}"#)
        default: try await connection.answer(401, [("WWW-Authenticate", "Bearer")])
        }
    }

    /// A browser on a desktop that follows redirects.
    private static func environment(in folder: TemporaryFolder) throws -> [String: String] {
        let browser = """
            #!/usr/bin/env python3
            import sys, urllib.request
            try: urllib.request.urlopen(sys.argv[1], timeout=60).read()
            except OSError: pass
            """
        try folder.write(browser, to: "bin/xdg-open", isExecutable: true)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return [
            "PATH": "\(folder.path("bin")):\(path)", "DISPLAY": ":0", "SSH_CONNECTION": "", "SSH_TTY": "",
            "XDG_STATE_HOME": folder.path("state"),
        ]
    }

    private struct Expectation {
        /// A part of the verdict of a login.
        var login: String
        /// A part of the advice of a login.
        var advice: String
        /// A part of the verdict of the doctor; nil if it finds nothing, because only a login shows the fault.
        var doctor: String?
    }

    private static let expectations: [Fault: Expectation] = [
        .webPageInsteadOfToken: .init(
            login: "/token returned a web page",
            advice: "Let this endpoint answer with JSON",
            doctor: "because of its token endpoint (status 200): a web page"
        ),
        .deniedConsent: .init(login: "access_denied (the boss says no)", advice: "Begin again and agree"),
        .foreignState: .init(login: "the browser did not come back within 2 s", advice: "Begin again"),
        .foreignIssuer: .init(login: "another iss than", advice: "Do not use this response"),
        .endlessMetadata: .init(
            login: "oauth-protected-resource/mcp exceeds the limit of 1 MiB",
            advice: "one short JSON document",
            doctor: "does not work: the response from"
        ),
        .redirectedMetadata: .init(
            login: "oauth-protected-resource/mcp returned a redirect to another origin",
            advice: "/.well-known/oauth-protected-resource/mcp itself",
            doctor: "because of its metadata: a redirect to another origin"
        ),
    ]

    @Test(arguments: Fault.allCases)
    func theReasonIsNamedWithItsPlaceItsStepsAndWhatToDo(_ fault: Fault) async throws {
        let expected = try #require(Self.expectations[fault])
        let server = try Self.serve(fault)
        defer { server.stop() }
        let folder = try TemporaryFolder()
        let environment = try Self.environment(in: folder)
        let limit = fault == .foreignState ? "2" : "60"
        let login = try await RunningProgram.run(
            ["auth", "login", server.url(), "--consent-timeout", limit],
            environment: environment
        )
        #expect(login.code == 3, "\(login)")
        let page = login.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(page.contains(expected.login), "\(login)")
        #expect(page.split(separator: "Next step: ").last?.contains(expected.advice) == true, "\(login)")
        // The steps are shown, up to the one that failed.
        #expect(page.contains("Authorization, step by step"), "\(login)")
        #expect(!login.description.contains("code-s3cret"), "\(login)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("state/mcp-test-mcp/tokens.json")))

        let doctor = try await RunningProgram.run(["auth", "doctor", server.url()], environment: environment)
        let found = doctor.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(doctor.code == (expected.doctor == nil ? 0 : 1), "\(doctor)")
        if let verdict = expected.doctor { #expect(found.contains(verdict), "\(doctor)") }
        #expect(doctor.lines.allSatisfy { !$0.hasSuffix("Fix:") && !$0.hasSuffix("Fix: ") }, "\(doctor)")
        // Neither command sends requests in a loop.
        #expect(server.requests.count < 60)
    }

    // MARK: - A person at a terminal

    @Test(.enabled(if: TerminalScreen.isAvailable, "\(TestPeers.absence)"))
    func addressOfTheBrowserIsPasted() async throws {
        let folder = try TemporaryFolder()
        let served = try await ServedProgram(["demo", "--auth"])
        let arguments = [
            "auth", "login", served.url, "--no-browser", "--redirect-uri", "https://app.example/callback",
        ]
        let screen = try await TerminalScreen(
            arguments,
            columns: 1000,
            environment: ["XDG_STATE_HOME": folder.path("state")]
        )
        try await screen.shows(
            "Waiting up to 300 s. If the browser cannot come back here, paste its address and press Enter"
        )
        let shown = screen.rows.lazy.map { $0.trimmingCharacters(in: .whitespaces) }
        let url = try #require(shown.first { $0.hasPrefix("http") && $0.contains("/authorize?") })
        // Text that is not an address is explained, and the program keeps waiting.
        screen.type("code=1\r")
        try await screen.shows("Paste the whole address")
        let state = try #require(AuthSuiteServer.value("state", String(url.split(separator: "?")[1])))
        let location = try await Self.redirect(from: url)
        #expect(location.hasPrefix("https://app.example/callback?"))
        // So is the address of an earlier attempt.
        screen.type("\(location.replacing(state, with: "another"))\r")
        try await screen.shows("This address belongs to another login")
        screen.type("\(location)\r")
        #expect(try await screen.exitCode() == 0)
        #expect(screen.text.contains("authorized for \(served.url)"), "\(screen.text)")
        await served.stop()
    }

    @Test func addressOfTheBrowserIsReadFromAPipe() async throws {
        let folder = try TemporaryFolder()
        let served = try await ServedProgram(["demo", "--auth"])
        let program = try await RunningProgram(
            script: #"exec "$0" "$@" 2>&1"#,
            ["auth", "login", served.url, "--no-browser", "--consent-timeout", "200"],
            environment: ["XDG_STATE_HOME": folder.path("state")]
        )
        #expect(try await program.line() == "Open in a browser")
        let url = try await program.line().trimmingCharacters(in: .whitespaces)
        let hint = try await program.line()
        #expect(hint.hasPrefix("Waiting up to 200 s.") && hint.contains("to standard input, as one line"), "\(hint)")
        program.write("\(try await Self.redirect(from: url))\n")
        let verdict = try await program.line()
        #expect(verdict.hasPrefix("PASS: authorized for \(served.url)"), "\(verdict)")
        #expect(await program.ended().code == 0)
        await served.stop()
    }

    /// Where a page redirects a browser that agrees at once.
    private static func redirect(from url: String) async throws -> String {
        let script = """
            import sys, urllib.request
            class Stay(urllib.request.HTTPRedirectHandler):
                def redirect_request(self, *rest): return None
            try: urllib.request.build_opener(Stay).open(sys.argv[1], timeout=60)
            except urllib.error.HTTPError as answer: print(answer.headers["Location"])
            """
        let program = try await RunningProgram(["-c", script, url], executable: TestPeers.terminal.python)
        return await program.finish().text.filter { !$0.isNewline }
    }
}
