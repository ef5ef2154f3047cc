#if !canImport(Darwin)
import Foundation
import JSON
import TestSupport
import Testing

/// Tokens in a file that is encrypted with a key in the system's secret service.
@Suite(.enabled(if: TestPeers.oauth.isAvailable, "\(TestPeers.absence)"), .timeLimit(.minutes(5)))
struct KeyringTests {
    private static let hasKeyring: Bool = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return ["secret-tool", "gnome-keyring-daemon", "dbus-run-session"].allSatisfy { program in
            folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
        }
    }()

    /// A server whose tokens are renewed by each command, a browser, and a home directory.
    ///
    /// Tokens that have expired are accepted, because a command on a busy machine may take longer than they are valid.
    private struct Desk {
        let folder: TemporaryFolder
        let peer: HTTPPeer

        init() async throws {
            folder = try TemporaryFolder()
            let browser = """
                #!/usr/bin/env python3
                import sys, urllib.request
                urllib.request.urlopen(sys.argv[1], timeout=60).read()
                """
            try folder.write(browser, to: "bin/xdg-open", isExecutable: true)
            let script = TestPeers.script("servers/oauth_server.py")
            let log = folder.path("log")
            peer = try await HTTPPeer([TestPeers.oauth.python, script, "--log", log, "--lifetime", "10", "--lenient"])
        }

        /// Puts a program in the place of `secret-tool` that keeps the key in a file, and fails as `FAULT` says.
        func scriptSecretTool() throws {
            let program = """
                #!/bin/sh
                echo "$*" >>'\(folder.path("arguments"))'
                case "$FAULT:$1" in
                locked:lookup) exit 1 ;;
                locked:store) echo 'secret-tool: Cannot create an item in a locked collection' >&2; exit 1 ;;
                no-bus:*) echo 'secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY' >&2; exit 1 ;;
                another-key:lookup) echo AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ;;
                no-key:lookup) echo something ;;
                forgetful:store) cat >/dev/null ;;
                *:lookup) cat '\(folder.path("key"))' 2>/dev/null || exit 1 ;;
                *:store) cat >'\(folder.path("key"))' ;;
                esac
                """
            try folder.write(program, to: "bin/secret-tool", isExecutable: true)
        }

        var environment: [String: String] {
            [
                "PATH": "\(folder.path("bin")):/usr/bin:/bin", "DISPLAY": ":0", "SSH_CONNECTION": "", "SSH_TTY": "",
                "HOME": folder.path, "XDG_STATE_HOME": folder.path("state"), "XDG_DATA_HOME": folder.path("data"),
                "XDG_RUNTIME_DIR": folder.path("run"), "DBUS_SESSION_BUS_ADDRESS": "",
            ]
        }

        func run(_ arguments: [String], _ more: [String: String] = [:]) async throws -> Run {
            try await RunningProgram.run(arguments, environment: environment.merging(more) { $1 })
        }

        /// The refresh tokens that the server received, in order.
        func renewals() throws -> [String] {
            try folder.lines(of: "log").compactMap { line in
                let body = try JSONValue(parsing: line)["body"]?.string ?? ""
                return body.split(separator: "&").first { $0.hasPrefix("refresh_token=") }.map(String.init)
            }
        }

        /// The file: encrypted, for its owner only, and the only one.
        func checkFile() throws {
            let file = "state/mcp-test-mcp/tokens.sealed"
            let document = try JSONValue(parsing: try folder.bytes(file))
            #expect(document.object?.members.map(\.key) == ["version", "sealed"], "\(document)")
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path(file))[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(throws: (any Error).self) { try folder.bytes("state/mcp-test-mcp/tokens.json") }
        }
    }

    @Test func everyCommandUsesTheEncryptedStore() async throws {
        let desk = try await Desk()
        defer { desk.peer.stop() }
        try desk.scriptSecretTool()
        let (url, store) = (desk.peer.url, ["--auth-store", "keyring"])
        // What is only read gets no key.
        #expect(try await desk.run(["auth", "list"] + store).code == 0)
        #expect(throws: (any Error).self) { try desk.folder.bytes("key") }

        let login = try await desk.run(["auth", "login", url] + store)
        #expect(login.code == 0, "\(login)")
        try desk.checkFile()
        let key = String(decoding: try desk.folder.bytes("key"), as: UTF8.self)
        #expect(key.utf8.count == 44)
        #expect(try desk.folder.lines(of: "arguments").allSatisfy { !$0.contains(key) })

        let variable = ["MCP_TEST_AUTH_STORE": "keyring"]
        for command in [["list", url], ["auth", "show", url], ["auth", "list"]] {
            let run = try await desk.run(command, variable)
            #expect(run.code == 0 && !run.description.contains(key), "\(run)")
        }
        #expect(try desk.renewals().count == 1)
        let host = try await Host.connected(environment: desk.environment.merging(variable) { $1 })
        let connected = try await host.call("connect_to_server", ["url": .string(url)])
        #expect(connected["metadata"]?["auth_source"] == "authorization", "\(connected)")
        _ = await host.finish()

        let plain = ["--auth-store", desk.folder.path("state/mcp-test-mcp/tokens.sealed")]
        let wrong = try await desk.run(["auth", "list"] + plain)
        #expect(wrong.code != 0 && wrong.description.contains("--auth-store keyring"), "\(wrong)")
        #expect(try await desk.run(["auth", "logout", url] + store).code == 0)
        #expect(try await desk.run(["list", url] + store).code == 3)
        // The key stays for the next login.
        #expect(try await desk.run(["auth", "login", url] + store).code == 0)
        #expect(String(decoding: try desk.folder.bytes("key"), as: UTF8.self) == key)
    }

    @Test(arguments: [
        ("locked", "is locked"), ("no-bus", "Cannot autolaunch D-Bus"), ("another-key", "cannot be decrypted"),
        ("no-key", "is not a key"), ("missing", "`secret-tool` was not found"),
    ])
    func anEncryptedFileWithoutItsKeyIsReportedAndStays(_ fault: String, _ reason: String) async throws {
        let desk = try await Desk()
        defer { desk.peer.stop() }
        try desk.scriptSecretTool()
        let store = ["--auth-store", "keyring"]
        #expect(try await desk.run(["auth", "login", desk.peer.url] + store).code == 0)
        let file = try desk.folder.bytes("state/mcp-test-mcp/tokens.sealed")
        var variables = ["FAULT": fault]
        if fault == "missing" { variables["PATH"] = desk.folder.path("empty") }
        for command in [["auth", "list"], ["list", desk.peer.url], ["auth", "logout", desk.peer.url]] {
            let run = try await desk.run(command + store, variables)
            #expect(run.code == 3, "\(run)")
            #expect(run.description.contains(reason), "\(run)")
        }
        #expect(try desk.folder.bytes("state/mcp-test-mcp/tokens.sealed") == file)
    }

    @Test(arguments: [
        ("locked", "Cannot create an item in a locked collection"), ("no-bus", "Cannot autolaunch D-Bus"),
        ("forgetful", "did not keep the key"),
    ])
    func aLoginWhoseTokensCannotBeStoredFailsBeforeItsFirstRequest(_ fault: String, _ reason: String) async throws {
        let desk = try await Desk()
        defer { desk.peer.stop() }
        try desk.scriptSecretTool()
        let run = try await desk.run(["auth", "login", desk.peer.url, "--auth-store", "keyring"], ["FAULT": fault])
        #expect(run.code == 3, "\(run)")
        #expect(run.description.contains(reason) && run.description.contains("--auth-store FILE"), "\(run)")
        #expect(throws: (any Error).self) { try desk.folder.bytes("state/mcp-test-mcp/tokens.sealed") }
        #expect(!run.description.contains("browser"), "\(run)")
        let hasLog = FileManager.default.fileExists(atPath: desk.folder.path("log"))
        #expect(try (hasLog ? desk.folder.lines(of: "log") : []).isEmpty)
    }

    @Test(arguments: [("no-bus", "Cannot autolaunch D-Bus"), ("missing", "`secret-tool` was not found")])
    func commandsSayWhyAKeyringWithoutTokensCannotBeUsed(_ fault: String, _ reason: String) async throws {
        let desk = try await Desk()
        defer { desk.peer.stop() }
        try desk.scriptSecretTool()
        var variables = ["FAULT": fault, "MCP_TEST_AUTH_STORE": "keyring"]
        if fault == "missing" { variables["PATH"] = desk.folder.path("empty") }
        let url = desk.peer.url
        let commands = [
            ["auth", "list"], ["auth", "show", url], ["auth", "logout", url], ["auth", "audit", url], ["list", url],
        ]
        for command in commands {
            let run = try await desk.run(command, variables)
            #expect(run.code == 3 && run.description.contains(reason), "\(run)")
        }
    }

    @Test(.enabled(if: hasKeyring, "no keyring: run Scripts/shells"))
    func aRealKeyringKeepsTheKeyAndTwoProcessesRenewSafely() async throws {
        let desk = try await Desk()
        defer { desk.peer.stop() }
        try FileManager.default.createDirectory(
            atPath: desk.folder.path("run"),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let session = """
            set -e
            printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
            "$0" auth login "$1" >/dev/null
            "$0" list "$1" >/dev/null & first=$!
            "$0" list "$1" >/dev/null
            wait "$first"
            "$0" auth show "$1"
            secret-tool lookup application mcp-test-mcp purpose token-store | wc -c
            """
        let program = try await RunningProgram(
            script: #"exec dbus-run-session -- sh -c "$1" "$0" "$2""#,
            [session, desk.peer.url],
            environment: desk.environment.merging(["MCP_TEST_AUTH_STORE": "keyring"]) { $1 }
        )
        let run = await program.ended()
        #expect(run.code == 0, "\(run)")
        #expect(run.text.split(separator: "\n").last == "44", "\(run)")
        #expect(run.text.contains(desk.peer.url), "\(run)")
        try desk.checkFile()
        // Each renewal used the token that the one before had brought. There are more than two if a process still works
        // when the other one renews, because that revokes its access token.
        let renewals = try desk.renewals()
        #expect(renewals.count >= 2 && Set(renewals).count == renewals.count, "\(renewals.count)")
    }
}
#endif
