import Foundation
import JSON
import TestSupport
import Testing

/// The browser of this machine.
enum Browser {
    /// The program of a browser; nil if there is none.
    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let names = ["chromium", "chromium-browser", "google-chrome"]
        return names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()
}

/// A login with a real browser, as a desktop opens it.
@Suite(
    .enabled(if: Browser.path != nil, "no browser: run Scripts/browser"),
    .enabled(if: TestPeers.oauth.isAvailable, "\(TestPeers.absence)"),
    .timeLimit(.minutes(5))
)
struct BrowserLoginTests {
    @Test
    func pageOfTheRedirectSaysThatTheLoginSucceeded() async throws {
        let folder = try TemporaryFolder()
        // It prints the page at which the redirects end.
        let opener = """
            #!/bin/sh
            exec '\(Browser.path ?? "")' --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \\
                --user-data-dir='\(folder.path("profile"))' --dump-dom "$1" > '\(folder.path("page"))' 2>/dev/null
            """
        try folder.write(opener, to: "bin/xdg-open", isExecutable: true)
        let peer = try await HTTPPeer([TestPeers.oauth.python, TestPeers.script("servers/oauth_server.py")])
        defer { peer.stop() }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        // A pipe by name has its end when the browser has written the page.
        let script = #"mkfifo "$PAGE" && { "$0" "$@" & cat "$PAGE"; wait $!; }"#
        let program = try await RunningProgram(
            script: script,
            ["auth", "login", peer.url],
            environment: [
                "PATH": "\(folder.path("bin")):\(path)", "DISPLAY": ":0", "SSH_CONNECTION": "", "SSH_TTY": "",
                "XDG_STATE_HOME": folder.path("state"), "PAGE": folder.path("page"),
            ]
        )
        let run = await program.ended()
        #expect(run.code == 0, "\(run)")
        #expect(run.text.contains("<h1>Authorized</h1>"), "\(run)")
        let stored = try JSONValue(parsing: try folder.bytes("state/mcp-test-mcp/tokens.json"))
        #expect(stored["authorizations"]?[0]?["access_token"]?.string?.isEmpty == false)
    }
}
