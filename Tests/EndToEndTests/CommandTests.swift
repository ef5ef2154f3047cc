import Foundation
import JSON
import TestSupport
import Testing

/// What the commands print for people and for scripts.
@Suite(.timeLimit(.minutes(15)))
struct CommandTests {
    /// One of each command that talks to a target.
    private static let commands = [
        ["test", "demo"], ["list", "demo"], ["call", "demo", "echo", "message=hi"], ["read", "demo", "demo://welcome"],
        ["prompt", "demo", "summarize", "text=long"], ["raw", "demo", "tools/list"],
    ]

    @Test(arguments: commands)
    func theFirstLineIsTheVerdictWithoutColors(_ command: [String]) async throws {
        let run = try await RunningProgram.run(command)
        #expect(run.code == 0, "\(run)")
        #expect(run.lines.first?.hasPrefix("PASS: ") == true, "\(run)")
        #expect(run.errors.isEmpty, "\(run)")
        #expect(!run.text.contains("\u{1B}"))
    }

    @Test(arguments: commands)
    func withJSONExactlyOneObjectIsPrinted(_ command: [String]) async throws {
        let run = try await RunningProgram.run(command + ["--json"])
        #expect(run.code == 0, "\(run)")
        #expect(run.errors.isEmpty, "\(run)")
        #expect(run.lines.count == 1)
        let object = try #require(try run.json().object)
        #expect(object.keys.first == "verdict")
        #expect(object["success"] == true)
        #expect(object.duplicateKeys.isEmpty)
    }

    @Test func jsonOutputIsWhatAnAssistantReceives() async throws {
        let host = try await Host.connected()
        try await host.connect(to: [Product.path, "demo", "--fixtures"])
        let operations: [(tool: String, arguments: JSONValue, command: [String])] = [
            (
                "call_tool", ["name": "weather", "arguments": ["city": "Lisbon"]],
                ["call", "weather", #"{"city":"Lisbon"}"#]
            ),
            ("call_tool", ["name": "test_multiple_content_types"], ["call", "test_multiple_content_types"]),
            ("call_tool", ["name": "test_error_handling"], ["call", "test_error_handling"]),
            ("call_tool", ["name": "nowhere"], ["call", "nowhere"]),
            ("read_resource", ["uri": "test://static-binary"], ["read", "test://static-binary"]),
            ("read_resource", ["uri": "demo://nowhere"], ["read", "demo://nowhere"]),
            ("get_prompt", ["name": "summarize", "arguments": ["text": "t"]], ["prompt", "summarize", "text=t"]),
        ]
        for operation in operations {
            let run = try await RunningProgram.run(
                operation.command + ["--json", "--", Product.path, "demo", "--fixtures"]
            )
            let answer = try await host.call(operation.tool, operation.arguments)
            #expect(Self.shape(try run.json()) == Self.shape(answer), "\(operation.command)")
            #expect(run.code == (answer["success"] == true ? 0 : 1), "\(run)")
        }
        #expect(await host.finish().code == 0)
    }

    /// The paths of all members; values differ from run to run.
    private static func shape(_ value: JSONValue, at path: String = "") -> [String] {
        guard let object = value.object else { return [path] }
        // Evidence and details depend on earlier operations.
        return object.members.filter { !["evidence", "details"].contains($0.key) }
            .flatMap { shape($0.value, at: "\(path)/\($0.key)") }
    }

    @Test func colorsFollowTheOptionAndTheEnvironment() async throws {
        let command = ["call", "demo", "echo", "message=hi"]
        #expect(try await RunningProgram.run(command + ["--color", "always"]).text.contains("\u{1B}["))
        #expect(try await !RunningProgram.run(command + ["--color", "never"]).text.contains("\u{1B}"))
        let forced = try await RunningProgram.run(command, environment: ["CLICOLOR_FORCE": "1"])
        #expect(forced.text.contains("\u{1B}["))
        let asJSON = try await RunningProgram.run(command + ["--color", "always", "--json"])
        #expect(!asJSON.text.contains("\u{1B}"))
    }

    @Test(
        .enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"),
        arguments: [
            ([:], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false),
        ]
    )
    func aTerminalGetsColorsUnlessTheEnvironmentForbidsThem(variables: [String: String], isColored: Bool) async throws {
        let environment = ["TERM": "xterm"].merging(variables) { $1 }
        let terminal = try await RunningProgram(
            ["-S", "-E", TestPeers.script("terminal.py"), Product.path, "call", "demo", "echo", "message=hi"],
            environment: environment,
            executable: FaultyServer.python
        )
        let run = await terminal.ended()
        #expect(run.code == 0, "\(run)")
        // A progress line, which is shown and erased on a slow machine, is no color.
        #expect(run.text.contains(/\x1B\[[0-9;]*m/) == isColored, "\(run)")
    }

    private static let hostile = "\u{1B}[2J\u{1B}]0;owned\u{07}\u{202E}\u{9B}31m\rPASS: fake\u{7F}"

    private func expectHarmless(_ text: String) {
        for scalar in "\u{1B}\u{07}\u{202E}\u{9B}\u{7F}".unicodeScalars {
            #expect(!text.unicodeScalars.contains(scalar), "\(text.debugDescription)")
        }
    }

    @Test func textOfATargetCannotControlTheTerminal() async throws {
        let echoed = try await RunningProgram.run(["call", "demo", "echo", "message=\(Self.hostile)", "-v"])
        #expect(echoed.code == 0, "\(echoed)")
        let script = #"printf '\033[2Jnoise\n'; printf '\033]0;owned\007\n' >&2; exit 3"#
        let dying = try await RunningProgram.run(["test", "-v", "--", "/bin/sh", "-c", script])
        #expect(dying.code == 3, "\(dying)")
        let unknown = try await RunningProgram.run(["call", "demo", Self.hostile, "-v"])
        #expect(unknown.code == 1, "\(unknown)")
        for run in [echoed, dying, unknown] {
            expectHarmless(run.text)
            expectHarmless(run.errors)
            #expect(!run.text.contains("\r") && !run.errors.contains("\r"))
        }
    }

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func jsonOutputCannotControlTheTerminal() async throws {
        let terminal = try await RunningProgram(
            ["-S", "-E", TestPeers.script("terminal.py"), Product.path, "call", "demo", "echo", "--json"]
                + ["message=\(Self.hostile)"],
            // A progress line, which a slow machine shows and erases, would be our own.
            environment: ["TERM": "dumb"],
            executable: FaultyServer.python
        )
        let run = await terminal.ended()
        #expect(run.code == 0, "\(run)")
        expectHarmless(run.text)
        #expect(try run.json()["tool_call"]?["result"]?.string == Self.hostile)
    }

    @Test func verbosePrintsFramesToStandardError() async throws {
        let run = try await RunningProgram.run(["call", "demo", "echo", #"{"message":"hi"}"#, "--json", "--verbose"])
        #expect(run.lines.count == 1)
        #expect(run.errorLines.contains { $0.contains("-> {") && $0.contains("server/discover") }, "\(run)")
        #expect(run.errorLines.contains { $0.contains("-> {") && $0.contains("tools/call") })
        #expect(run.errorLines.contains { $0.contains("<- {") && $0.contains(#""text":"hi""#) })
        let legacy = try await RunningProgram.run(["raw", "demo", "ping", "-v", "--protocol", "legacy"])
        #expect(legacy.code == 0, "\(legacy)")
        #expect(legacy.errors.contains(#""method":"initialize""#) && !legacy.errors.contains("server/discover"))
    }

    @Test func theDemoServerOffersFixturesOnRequestOnly() async throws {
        func names(_ words: [String]) async throws -> Set<String> {
            let run = try await RunningProgram.run(["list", "--json"] + words)
            let report = try run.json()
            let lists = [
                ("tools", "name"), ("resources", "uri"), ("resource_templates", "uriTemplate"), ("prompts", "name"),
            ]
            return Set(lists.flatMap { key, name in report[key]?.array?.compactMap { $0[name]?.string } ?? [] })
        }
        func isFixture(_ name: String) -> Bool {
            name.hasPrefix("test") || ["json_schema_2020_12_tool", "greet", "slow_compute"].contains(name)
        }
        let everyday = try await names(["demo"])
        #expect(everyday.isSuperset(of: ["echo", "add", "weather", "demo://welcome", "summarize"]))
        #expect(!everyday.contains(where: isFixture), "\(everyday)")
        let all = try await names(["--", Product.path, "demo", "--fixtures"])
        #expect(all.isSuperset(of: everyday))
        #expect(
            all.isSuperset(of: [
                "test_simple_text", "test://static-text", "test://template/{id}/data", "test_simple_prompt",
            ])
        )
    }

    @Test func argumentsFollowTheSchemaOfTheTool() async throws {
        func sent(_ words: [String], input: String = "", in folder: String? = nil) async throws -> JSONValue? {
            let run = try await RunningProgram.run(["call", "demo"] + words + ["--json"], input: input, in: folder)
            #expect(run.code == 0, "\(run)")
            return try run.json()["tool_call"]?["arguments"]
        }
        #expect(try await sent(["add", "a=1", "b=2.50"])?.description == #"{"a":1,"b":2.50}"#)
        #expect(try await sent(["echo", "message=42"]) == ["message": "42"])
        #expect(try await sent(["echo", "message=a=b"]) == ["message": "a=b"])
        #expect(try await sent(["add", "a:=1e2", "b=-3"])?.description == #"{"a":1e2,"b":-3}"#)
        let nested = try await RunningProgram.run(
            ["call", "json_schema_2020_12_tool", "email=a@b.c", #"address={"city":"Ulm"}"#, "--json"]
                + ["--", Product.path, "demo", "--fixtures"]
        )
        let object = try nested.json()["tool_call"]?["arguments"]
        #expect(object == ["email": "a@b.c", "address": ["city": "Ulm"]])
        #expect(try await sent(["echo", #"{"message":"x"}"#]) == ["message": "x"])
        #expect(try await sent(["echo", "-"], input: "{\"message\":\n\"typed\"}\n") == ["message": "typed"])
        let folder = try TemporaryFolder()
        try folder.write(#"{"message": "from a file"}"#, to: "arguments.json")
        #expect(try await sent(["echo", "@arguments.json"], in: folder.path) == ["message": "from a file"])
    }

    @Test(arguments: [
        (#""$0" test demo >/dev/full"#, "No space left on device"), (#""$0" test demo >&-"#, "Bad file descriptor"),
        (#""$0" --help >/dev/full"#, "No space left on device"),
        // The reader closes its end before the program starts.
        (
            #"mkfifo "$1/go"; { read -r _ <"$1/go"; "$0" test demo; echo "exit $?" >&2; } | { exec <&-; echo >"$1/go"; }"#,
            "Broken pipe"
        ),
    ])
    func outputThatCannotBeWrittenIsReportedAndExitsWithThree(script: String, reason: String) async throws {
        guard !script.contains("/dev/full") || FileManager.default.fileExists(atPath: "/dev/full") else { return }
        let folder = try TemporaryFolder()
        let run = try await RunningProgram(script: "\(script); echo \"exit $?\" >&2", [folder.path]).ended()
        #expect(run.errorLines.contains("exit 3"), "\(run)")
        let line = try #require(run.errorLines.first { $0.hasPrefix("{") }, "\(run)")
        let error = try JSONValue(parsing: line)["error"]
        #expect(error?["code"] == "output" && error?["exit_code"] == 3, "\(run)")
        #expect(error?["message"]?.string?.contains(reason) == true, "\(run)")
    }
}
