import Foundation
import JSON
import TestSupport
import Testing

/// `run`: suites against the demo server, their outcomes, reports and exit codes.
@Suite(.timeLimit(.minutes(15)))
struct SuiteRunTests {
    /// Runs a suite in a folder of its own.
    static func run(
        _ text: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> (run: Run, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "s.suite.yaml")
        let variables = ["XDG_CACHE_HOME": folder.path("cache")].merging(environment) { $1 }
        let run = try await RunningProgram.run(
            ["run", "s.suite.yaml"] + arguments,
            environment: variables,
            in: folder.path
        )
        return (run, folder)
    }

    /// A suite with one case against the demo server, whose steps are given as YAML in one line each.
    static func suite(_ steps: [String], server: String = "demo", _ more: [String] = []) -> String {
        let lines = steps.map { "      - \($0)\n" }.joined()
        let extra = more.map { "    \($0)\n" }.joined()
        return "version: 1\nserver: \(server)\ncases:\n  - name: the case\n\(extra)    steps:\n\(lines)"
    }

    @Test func everyActionOfAStepPasses() async throws {
        let steps = [
            "{call: echo, args: {message: hi}, expect: {text: hi, stderr: ''}, capture: {said: text}}",
            "{call: add, args: {a: 1, b: 2}, expect: {json: {/sum: 3}, result: {/content/0/type: text}}, capture: {sum: /sum}}",
            "{call: add, args: {a: '${case.sum}', b: 1}, expect: {json: {/sum: 4}, latency: <30s}}",
            "{call: divide, args: {dividend: 1, divisor: 0}, expect: {is_error: true, text: {contains: zero}}}",
            "{read: 'demo://welcome', expect: {text: {length: {above: 10}}}}",
            "{get: summarize, args: {text: '${case.said}'}, expect: {text: {contains: hi}}}",
            "{list: tools, expect: {names: {contains: [echo, add]}, result: {'$.tools[*].name': {contains: weather}}}}",
            "{list: prompts, expect: {names: {contains: summarize}}}",
            "{complete: {prompt: summarize, argument: style, value: b}, expect: {values: [bullets]}}",
            "{call: slow, args: {seconds: 0.1}, expect: {events: {in_order: [progress], never: [tools_changed]}}}",
            "{raw: {method: tools/list}, expect: {result: {/tools: {type: array}}}}",
            "{raw: {method: no/such}, expect: {error: {code: -32601}}}",
            "{restart: true}",
            "{call: echo, args: {message: again}, expect: {text: again}}",
            "{assert: [{value: '${case.sum}', equals: 3}, {value: '${case.said}', matches: '^h'}]}",
        ]
        let (run, _) = try await Self.run(Self.suite(steps))
        #expect(run.code == 0, "\(run)")
        #expect(run.lines.last?.hasPrefix("PASS: 1 passed in ") == true, "\(run)")
    }

    static let failures: [(step: String, expected: [String])] = [
        ("{call: echo, args: {message: hi}, expect: {text: ho}}", [#"text: expected "ho", got "hi""#]),
        (
            "{call: add, args: {a: 1, b: 2}, expect: {json: {/sum: 4}}}",
            ["json /sum: expected 4, got 3", #""sum":3"#]
        ),
        (
            "{call: add, args: {a: 1, b: 2}, expect: {json: {/total: 3}}}",
            ["json /total: expected 3, got nothing", "members there: sum"]
        ),
        (
            "{call: divide, args: {dividend: 1, divisor: 0}}",
            ["is_error: the tool reported an error: \"Cannot divide by zero"]
        ),
        (
            "{call: echo, args: {message: a}, expect: {is_error: true}}",
            ["is_error: expected a tool error, got a result"]
        ),
        ("{call: nowhere}", ["request: ", "nowhere"]),
        (
            "{call: ad, args: {a: 1}, expect: {json: {/sum: 3}}}",
            ["request: ", "      The server has no tool \"ad\". Did you mean \"add\"?\n"]
        ),
        ("{call: echo, args: {message: a}, expect: {error: true}}", ["error: expected a protocol error, got a result"]),
        ("{raw: {method: no/such}, expect: {error: {code: -1}}}", ["error code: expected -1, got -32601"]),
        ("{call: echo, args: {message: a}, expect: {latency: 0.001ms}}", ["latency: expected less than"]),
        (
            "{call: echo, args: {message: a}, expect: {schema: {required: [x]}, text: a}}",
            ["schema: the result has no JSON"]
        ),
        (
            "{call: add, args: {a: 1, b: 2}, expect: {schema: {required: [total]}}}",
            ["schema: the value does not match the schema", "total"]
        ),
        (
            "{call: echo, args: {message: a}, expect: {events: {in_order: [progress]}}}",
            ["events in_order: `progress` (number 1) did not come", "received: no notification"]
        ),
        (
            "{call: slow, args: {seconds: 0.1}, expect: {events: {any_order: [{progress: {/progress: 99}}]}}}",
            [
                "events any_order: `progress` did not come", "      received: notifications/progress (10 times)",
                #"        progress: {"progressToken""#,
            ]
        ),
        (
            "{call: add, args: {a: 1}}",
            [
                "is_error: the tool reported an error: \"Invalid arguments",
                "      The arguments do not match the input schema: missing required argument `b`.\n",
            ]
        ),
        (
            "{call: add, args: {a: 1, b: 2, cc: 3}}",
            ["      The arguments do not match the input schema: unknown argument `cc` (allowed: `a` and `b`).\n"]
        ),
        (
            "{call: slow, args: {seconds: 0.1}, expect: {events: {never: [progress]}}}",
            ["events never: `progress` came"]
        ),
        ("{wait: tools_changed, timeout: 200ms}", ["wait: no matching `tools_changed` came within 200 ms"]),
        ("{list: tools, expect: {names: [a]}}", [#"names: expected ["a"]"#]),
        ("{call: add, args: {a: 1, b: 2}, capture: {x: /nope}}", ["capture x: nothing at /nope"]),
    ]

    @Test(arguments: failures.indices)
    func failureShowsExpectedActualPlaceAndCommand(_ index: Int) async throws {
        let (step, expected) = Self.failures[index]
        let (run, _) = try await Self.run(Self.suite([step]))
        #expect(run.code == 1, "\(run)")
        for text in expected { #expect(run.text.contains(text), "\(text) is not in \(run)") }
        #expect(run.text.contains("s.suite.yaml:6:9 "), "\(run)")
        #expect(run.text.contains("Repeat: mcp-test-mcp run s.suite.yaml --filter 'the case'"), "\(run)")
        #expect(run.lines.last?.hasPrefix("FAIL: 1 failed in ") == true, "\(run)")
        #expect(try run.errorReport()?["exit_code"] == 1)
    }

    /// What else was expected is not what a tool's error is about.
    @Test func toolErrorThatWasNotExpectedIsTheOnlyFailure() async throws {
        let step = "{call: divide, args: {dividend: 1, divisor: 0}, expect: {text: '1', json: {/sum: 1}}}"
        let (run, _) = try await Self.run(Self.suite([step]))
        #expect(run.text.contains("is_error: the tool reported an error"), "\(run)")
        #expect(!run.text.contains("text: expected") && !run.text.contains("neither structured content"), "\(run)")
    }

    @Test func plainCallFailsIfStdoutIsNotClean() async throws {
        let text = Self.suite(
            ["{call: echo, args: {message: a}}"],
            server: "{command: [demo, --fault, noise-on-stdout]}"
        )
        let (run, _) = try await Self.run(text)
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("stdout: the server wrote"), "\(run)")
        let tolerant = Self.suite(
            ["{call: echo, args: {message: a}, expect: {stdout: any}}"],
            server: "{command: [demo, --fault, noise-on-stdout]}"
        )
        let (second, _) = try await Self.run(tolerant)
        #expect(second.code == 0, "\(second)")
    }

    @Test func plainCallFailsIfTheResultBreaksTheOutputSchema() async throws {
        let server = "{command: [demo, --fault, bad-output]}"
        let (run, _) = try await Self.run(Self.suite(["{call: weather, args: {city: Lisbon}}"], server: server))
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("schema: the result does not match the tool's output schema"), "\(run)")
        let tolerant = Self.suite(["{call: weather, args: {city: Lisbon}, expect: {schema: false}}"], server: server)
        #expect(try await Self.run(tolerant).run.code == 0)
    }

    // MARK: - Outcomes

    @Test func caseThatCannotBeJudgedIsAnErrorAndTheOthersRun() async throws {
        let text = """
            version: 1
            servers: {good: demo, bad: {command: [./no-such-program]}}
            cases:
              - {name: one, server: good, steps: [{call: echo, args: {message: a}}]}
              - {name: two, server: bad, steps: [{call: echo}]}
              - {name: three, server: good, setup: [{call: nowhere}], steps: [{call: echo, args: {message: a}}]}
              - {name: four, server: good, skip: not today, steps: [{call: echo}]}
            """
        let (run, _) = try await Self.run(text)
        #expect(run.code == 3, "\(run)")
        #expect(run.lines.last?.hasPrefix("ERROR: 1 passed, 2 could not be judged, 1 skipped in ") == true, "\(run)")
        #expect(run.text.contains("the setup failed"), "\(run)")
        #expect(run.text.contains("SKIP s.suite.yaml: four: not today"), "\(run)")
    }

    /// A crash at the start is the same for every case, so it is shown once, with what the server wrote.
    @Test func crashAtTheStartShowsStandardErrorInEveryReportAndOnce() async throws {
        let server = #"{command: [sh, -c, "echo 'weather.py: bad syntax' >&2; exit 1"]}"#
        let steps = "steps: [{call: echo}]"
        let text = """
            version: 1
            server: \(server)
            cases: [{name: one, \(steps)}, {name: two, \(steps)}, {name: three, \(steps)}]
            """
        let files = ["junit=r.xml", "html=r.html", "json=r.jsonl", "markdown=r.md"]
        let (run, folder) = try await Self.run(text, files.flatMap { ["--report", $0] } + ["--report", "pretty"])
        #expect(run.code == 3, "\(run)")
        #expect(run.text.contains("ERROR s.suite.yaml: one"), "\(run)")
        #expect(run.text.contains("Read the server's standard error below, and fix its start."), "\(run)")
        #expect(run.text.components(separatedBy: "weather.py: bad syntax").count == 2, "\(run)")
        for name in ["two", "three"] {
            #expect(run.text.contains("ERROR s.suite.yaml: \(name): as in \"one\"\n"), "\(run)")
        }
        for file in ["r.xml", "r.html", "r.jsonl", "r.md"] {
            let report = try String(contentsOfFile: folder.path(file), encoding: .utf8)
            #expect(report.contains("weather.py: bad syntax"), "\(report)")
        }
    }

    @Test func serverThatCrashesInOneCaseDoesNotHarmTheOthers() async throws {
        let text = """
            version: 1
            servers: {good: demo, crashing: {command: [demo, --fault, crash-on-call]}}
            isolation: file
            cases:
              - {name: one, server: good, steps: [{call: echo, args: {message: a}}]}
              - {name: two, server: crashing, steps: [{call: echo, args: {message: a}}]}
              - {name: three, server: crashing, steps: [{list: tools, expect: {names: {contains: echo}}}]}
              - {name: four, server: good, steps: [{call: echo, args: {message: a}}]}
            """
        let (run, _) = try await Self.run(text)
        #expect(run.code == 1, "\(run)")
        #expect(run.lines.last?.hasPrefix("FAIL: 3 passed, 1 failed in ") == true, "\(run)")
        #expect(run.text.contains("FAIL s.suite.yaml: two"), "\(run)")
    }

    @Test func expectedFailurePassesAndAStaleOneFails() async throws {
        let text = """
            version: 1
            server: demo
            cases:
              - name: known
                expected_failure: bug 7
                steps: [{call: echo, args: {message: a}, expect: {text: b}}]
              - name: stale
                expected_failure: bug 8
                steps: [{call: echo, args: {message: a}, expect: {text: a}}]
            """
        let (run, _) = try await Self.run(text)
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("known") && run.text.contains("failed as expected (bug 7)"), "\(run)")
        #expect(run.text.contains("It is expected to fail (bug 8), but passed. Remove `expected_failure`."), "\(run)")
    }

    @Test func casePassedByARetryIsFlaky() async throws {
        let folder = try TemporaryFolder()
        // The second start finds the file that the first one made.
        let script =
            "#!/bin/sh\nif [ -e seen ]; then exec '\(Product.path)' demo; fi\ntouch seen\nexec '\(Product.path)' demo --fault bad-output\n"
        try folder.write(script, to: "server.sh", isExecutable: true)
        try folder.write(
            Self.suite(["{call: weather, args: {city: Lisbon}}"], server: "{command: [./server.sh]}", ["retry: 2"]),
            to: "s.suite.yaml"
        )
        let run = try await RunningProgram.run(["run"], in: folder.path)
        #expect(run.code == 0, "\(run)")
        #expect(run.text.contains("FLAKY s.suite.yaml: the case"), "\(run)")
        #expect(run.lines.last?.hasPrefix("PASS: 1 flaky in ") == true, "\(run)")
    }

    @Test func repeatedCaseReportsWhatVaries() async throws {
        let folder = try TemporaryFolder()
        let script = """
            import itertools, json, sys, uuid
            for line in sys.stdin:
                message = json.loads(line)
                if "id" not in message:
                    continue
                method = message["method"]
                if method == "initialize":
                    version = message["params"]["protocolVersion"]
                    result = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": {"name": "x", "version": "1"}}
                elif method == "tools/list":
                    result = {"tools": [{"name": "t", "inputSchema": {"type": "object"}}]}
                elif method == "tools/call":
                    value = {"id": str(uuid.uuid4()), "stable": 1}
                    result = {"content": [{"type": "text", "text": "x"}], "structuredContent": value}
                else:
                    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "no"}}), flush=True)
                    continue
                print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
            """
        try folder.write(script, to: "server.py")
        try folder.write(
            Self.suite(
                ["{call: t, expect: {json: {/stable: 1}}}"],
                server: "{command: [python3, server.py]}",
                ["repeat: 3"]
            ),
            to: "s.suite.yaml"
        )
        let run = try await RunningProgram.run(["run"], in: folder.path)
        #expect(run.code == 0, "\(run)")
        #expect(run.text.contains("    call t /structuredContent/id: uuid"), "\(run)")
        #expect(!run.text.contains("/stable"), "\(run)")
    }

    @Test func caseThatTakesTooLongFailsAtItsStep() async throws {
        let steps = ["{call: echo, args: {message: a}}", "{call: slow, args: {seconds: 60}}"]
        let (run, _) = try await Self.run(Self.suite(steps, ["timeout: 500ms"]))
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("s.suite.yaml:8:9 call slow"), "\(run)")
        #expect(run.text.contains("timeout: the case did not finish within 500 ms"), "\(run)")
    }

    @Test func stepHasATimeoutOfItsOwn() async throws {
        let (run, _) = try await Self.run(Self.suite(["{call: slow, args: {seconds: 60}, timeout: 0.3}"]))
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("request: "), "\(run)")
    }

    @Test func teardownRunsAfterAFailure() async throws {
        let text = Self.suite(
            ["{call: echo, args: {message: a}, expect: {text: b}}"],
            ["teardown: [{call: nowhere}]"]
        )
        let (run, _) = try await Self.run(text, ["--report", "json"])
        let lines = try run.messages()
        let phases = lines[1]["steps"]?.array?.compactMap { $0["phase"]?.string }
        #expect(phases == ["steps", "teardown"], "\(run)")
        #expect(lines[1]["outcome"] == "failed")
    }

    // MARK: - Input

    @Test func preparedAnswersAreGivenInOrderAndChecked() async throws {
        let steps = ["{call: test_elicitation, args: {message: who}, expect: {text: {contains: accept}}}"]
        let answers =
            "client: {answers: [{action: accept, content: {username: ada, email: a@b.c}, request: {/message: {contains: who}}}]}"
        let (run, _) = try await Self.run(
            Self.suite(steps, server: "{command: [demo, --fixtures], protocol: legacy}", [answers])
        )
        #expect(run.code == 0, "\(run)")
    }

    @Test func answerThatIsNotUsedFails() async throws {
        let answers = "client: {answers: [{action: decline}]}"
        let (run, _) = try await Self.run(Self.suite(["{call: echo, args: {message: a}}"], [answers]))
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("input: answer 1 was not used: no input request matched it"), "\(run)")
        let optional = "client: {answers: [{action: decline, optional: true}]}"
        #expect(try await Self.run(Self.suite(["{call: echo, args: {message: a}}"], [optional])).run.code == 0)
    }

    @Test func inputRequestThatNoAnswerMatchesFails() async throws {
        let answers = "client: {answers: [{text: hello, optional: true}]}"
        let steps = ["{call: test_elicitation, args: {message: who}, expect: {text: {exists: true}}}"]
        let server = "{command: [demo, --fixtures], protocol: legacy}"
        let (run, _) = try await Self.run(Self.suite(steps, server: server, [answers]))
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("input: the server requested input (elicitation"), "\(run)")
    }

    // MARK: - Snapshots

    private static let snapshots = """
        version: 1
        server: demo
        cases:
          - {name: one, steps: [{call: add, args: {a: 1, b: "${B:-2}"}, expect: {snapshot: true}}]}
          - {name: two, steps: [{call: echo, args: {message: x}, expect: {snapshot: said}}]}
        """

    @Test func snapshotIsWrittenOnlyWithUpdateAndComparedAfterwards() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.snapshots.replacing(#""${B:-2}""#, with: "2"), to: "s.suite.yaml")
        let missing = try await RunningProgram.run(["run"], in: folder.path)
        #expect(missing.code == 1, "\(missing)")
        #expect(
            missing.text.contains("no snapshot \"one / 1\" is stored: read the result, then store it with --update"),
            "\(missing)"
        )
        #expect(!FileManager.default.fileExists(atPath: folder.path("s.snapshots.json")))
        let update = try await RunningProgram.run(["run", "--update"], in: folder.path)
        #expect(update.code == 0, "\(update)")
        let second = try await RunningProgram.run(["run"], in: folder.path)
        #expect(second.code == 0, "\(second)")

        try folder.write(Self.snapshots.replacing(#""${B:-2}""#, with: "3"), to: "s.suite.yaml")
        let changed = try await RunningProgram.run(["run"], in: folder.path)
        #expect(changed.code == 1, "\(changed)")
        #expect(changed.text.contains("snapshot: the result differs from the snapshot \"one / 1\""), "\(changed)")
        #expect(changed.text.contains("/structuredContent/sum: expected 3, got 4"), "\(changed)")
        #expect(changed.text.contains("omit it: `snapshot: {except: [/structuredContent/sum]}`"), "\(changed)")

        let open = Self.snapshots.replacing("snapshot: true", with: "snapshot: {except: [/structuredContent/sum]}")
        try folder.write(open.replacing(#""${B:-2}""#, with: "3"), to: "s.suite.yaml")
        let without = try await RunningProgram.run(["run"], in: folder.path)
        #expect(without.code == 0, "\(without)")
    }

    @Test func fullUpdatePrunesSnapshotsAndAPartialOneKeepsThem() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.snapshots.replacing(#""${B:-2}""#, with: "2"), to: "s.suite.yaml")
        #expect(try await RunningProgram.run(["run", "--update"], in: folder.path).code == 0)
        func keys() throws -> [String] {
            let text = try String(contentsOfFile: folder.path("s.snapshots.json"), encoding: .utf8)
            return try JSONValue(parsing: text)["snapshots"]?.object?.keys ?? []
        }
        #expect(try keys() == ["one / 1", "two / said"])
        let renamed = Self.snapshots.replacing("name: two", with: "name: three").replacing(#""${B:-2}""#, with: "2")
        try folder.write(renamed, to: "s.suite.yaml")
        #expect(try await RunningProgram.run(["run", "--update", "--filter", "three"], in: folder.path).code == 0)
        #expect(try keys() == ["one / 1", "three / said", "two / said"])
        #expect(try await RunningProgram.run(["run", "--update"], in: folder.path).code == 0)
        #expect(try keys() == ["one / 1", "three / said"])
    }

    @Test func snapshotThatWasEditedByHandIsReportedWithItsPlace() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.snapshots.replacing(#""${B:-2}""#, with: "2"), to: "s.suite.yaml")
        try folder.write("{\"version\": 1,\n  \"snapshots\": {oops}}\n", to: "s.snapshots.json")
        let run = try await RunningProgram.run(["run"], in: folder.path)
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains("s.snapshots.json:2:17: The snapshots are not valid JSON"), "\(run)")
    }

    // MARK: - Saving

    private static let schema =
        "https://raw.githubusercontent.com/rdwj/mcp-test-mcp/main/Documentation/suite.schema.json"

    @Test func savedCallsBecomeCasesAndTheRestOfTheFileStays() async throws {
        let folder = try TemporaryFolder()
        let save = ["--save", "s.suite.yaml"]
        let first = try await RunningProgram.run(["call", "demo", "add", "a=1", "b=2"] + save, in: folder.path)
        #expect(first.code == 0, "\(first)")
        #expect(first.text.contains("The call was saved. Run it with: mcp-test-mcp run s.suite.yaml"), "\(first)")
        let text = try String(contentsOfFile: folder.path("s.suite.yaml"), encoding: .utf8)
        #expect(
            text == """
                # yaml-language-server: $schema=\(Self.schema)
                version: 1
                server: demo
                cases:
                  - name: add
                    steps:
                      - call: add
                        args: {a: 1, b: 2}
                        expect:
                          json:
                            /sum: 3

                """
        )
        try folder.write("# mine\n" + text + "\n# the end\ndefaults: {timeout: 9s}  # kept\n", to: "s.suite.yaml")
        for arguments in [
            ["add", "a=1", "b=2"], ["echo", "message=it costs ${X}: 5"], ["divide", "dividend=1", "divisor=0"],
        ] {
            let run = try await RunningProgram.run(["call", "demo"] + arguments + save, in: folder.path)
            #expect((run.text + run.errors).contains("Run it with: mcp-test-mcp run s.suite.yaml"), "\(run)")
        }
        let whole = try String(contentsOfFile: folder.path("s.suite.yaml"), encoding: .utf8)
        #expect(whole.hasPrefix("# mine\n# yaml-language-server: "), "\(whole)")
        #expect(whole.hasSuffix("\n\n# the end\ndefaults: {timeout: 9s}  # kept\n"), "\(whole)")
        #expect(whole.contains("- name: add (2)\n"), "\(whole)")
        let run = try await RunningProgram.run(["run"], in: folder.path)
        #expect(run.code == 0, "\(run) \(whole)")
        #expect(run.lines.last?.hasPrefix("PASS: 4 passed in ") == true, "\(run)")
    }

    /// A suite next to the server, in another folder of the project, and elsewhere.
    @Test func pathsOfASavedCallWorkOnOtherMachines() async throws {
        let folder = try TemporaryFolder()
        for name in ["app", "app/tests", "sub"] {
            try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
        }
        try folder.write("#!/bin/sh\nexec '\(Product.path)' demo\n", to: "app/server.sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("app/server.sh"))
        func saved(_ file: String) async throws -> String {
            let run = try await RunningProgram.run(
                ["call", "add", "a=1", "b=2", "--save", file, "--", folder.path("app/server.sh")],
                in: folder.path("app")
            )
            #expect(run.code == 0, "\(run)")
            let again = try await RunningProgram.run(["run", file], in: folder.path("app"))
            #expect(again.code == 0, "\(again)")
            let text = try String(contentsOfFile: "\(folder.path("app"))/\(file)", encoding: .utf8)
            #expect(!text.contains(folder.path), "\(text)")
            return text
        }
        #expect(try await saved("a.suite.yaml").contains("  command: [\"./server.sh\"]\ncases:"))
        #expect(try await saved("tests/b.suite.yaml").contains("  command: [\"../server.sh\"]\n  cwd: \"..\"\n"))
        #expect(
            try await saved("../sub/c.suite.yaml").contains("  command: [\"../app/server.sh\"]\n  cwd: \"../app\"\n")
        )
    }

    @Test func callToAnotherServerIsNotSavedToTheSameSuite() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.suite(["{call: echo, args: {message: a}}"], server: "other.py"), to: "s.suite.yaml")
        let run = try await RunningProgram.run(
            ["call", "demo", "echo", "message=x", "--save", "s.suite.yaml"],
            in: folder.path
        )
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains("tests another server"), "\(run)")
    }

    @Test func firstSuiteOfAServerPasses() async throws {
        let folder = try TemporaryFolder()
        let made = try await RunningProgram.run(["init", "demo", "d.suite.yaml"], in: folder.path)
        #expect(made.code == 0, "\(made)")
        let run = try await RunningProgram.run(["run", "d.suite.yaml"], in: folder.path)
        let text = try String(contentsOfFile: folder.path("d.suite.yaml"), encoding: .utf8)
        #expect(run.code == 0, "\(run) \(text)")
        #expect(text.contains("- name: call echo"), "\(text)")
        let again = try await RunningProgram.run(["init", "demo", "d.suite.yaml"], in: folder.path)
        #expect(again.code == 2, "\(again)")
    }

    // MARK: - The command

    @Test func mistakesInFilesAreReportedBeforeAnythingRuns() async throws {
        let (run, _) = try await Self.run(Self.suite(["{call: echo, exepct: {}}", "{rea: x}"]))
        #expect(run.code == 2, "\(run)")
        #expect(run.text.isEmpty)
        #expect(
            run.errors.contains("s.suite.yaml:6:22: Unknown key `exepct` in a step. Did you mean `expect`?"),
            "\(run)"
        )
        #expect(run.errors.contains("Did you mean `read`?"), "\(run)")
        #expect(run.errors.contains("                         ^^^^^^"), "\(run)")
    }

    @Test func nothingSelectedIsAnExitCodeOfItsOwn() async throws {
        let (run, _) = try await Self.run(Self.suite(["{call: echo}"]), ["--filter", "nothing like that"])
        #expect(run.code == 7, "\(run)")
        let (skipped, _) = try await Self.run(Self.suite(["{call: echo}"], ["skip: reason"]))
        #expect(skipped.code == 7, "\(skipped)")
    }

    private static let three = """
        version: 1
        server: demo
        cases:
          - {name: one, tags: [a], steps: [{call: echo, args: {message: x}, expect: {text: y}}]}
          - {name: two, tags: [b], steps: [{call: echo, args: {message: x}}]}
          - {name: three, tags: [b], steps: [{call: echo, args: {message: x}}]}
        """

    @Test func casesAreSelectedAndListed() async throws {
        let (list, _) = try await Self.run(Self.three, ["--dry-run"])
        #expect(list.lines == ["s.suite.yaml::one", "s.suite.yaml::two", "s.suite.yaml::three"], "\(list)")
        let (tagged, _) = try await Self.run(Self.three, ["--dry-run", "--tag", "b", "--filter", "two"])
        #expect(tagged.lines == ["s.suite.yaml::two"], "\(tagged)")
        let (shard, _) = try await Self.run(Self.three, ["--dry-run", "--shard", "2/2"])
        #expect(shard.lines == ["s.suite.yaml::two"], "\(shard)")
    }

    @Test func shardsMergedAreTheWholeRun() async throws {
        let (whole, folder) = try await Self.run(
            Self.three,
            ["--report", "junit=whole.xml", "--report", "json=whole.jsonl"]
        )
        for shard in ["1/2", "2/2"] {
            let file = "\(shard.prefix(1)).jsonl"
            _ = try await RunningProgram.run(["run", "--shard", shard, "--report", "json=\(file)"], in: folder.path)
        }
        let merged = try await RunningProgram.run(
            ["merge", "1.jsonl", "2.jsonl", "--report", "junit=merged.xml", "--report", "json=merged.jsonl"],
            in: folder.path
        )
        #expect(merged.code == whole.code, "\(merged)")
        func facts(_ name: String) throws -> [String] {
            let text = try String(contentsOfFile: folder.path(name), encoding: .utf8)
            // Times differ between runs, and so does which case lists the tools for all cases.
            return try text.split(separator: "\n").map { line in
                let line = line.hasPrefix("{") ? try Self.withoutFrames(String(line)) : String(line)
                return line.replacing(/"elapsed_ms":[0-9.e-]+/, with: "").replacing(/time="[0-9.]+"/, with: "")
            }
        }
        #expect(try facts("whole.xml") == (try facts("merged.xml")))
        #expect(try facts("whole.jsonl").dropFirst() == (try facts("merged.jsonl")).dropFirst())
    }

    /// A shard that crashes leaves no file; the others pass.
    @Test func mergingWithoutAShardIsNotAPass() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.three.replacing("{text: y}", with: "{text: x}"), to: "s.suite.yaml")
        for shard in ["1/3", "3/3"] {
            let run = try await RunningProgram.run(
                ["run", "--shard", shard, "--report", "json=\(shard.prefix(1)).jsonl"],
                in: folder.path
            )
            #expect(run.code == 0, "\(run)")
        }
        let start = try JSONValue(parsing: try folder.lines(of: "1.jsonl")[0])
        #expect(start["event"] == "run_started" && start["shard"] == "1/3", "\(start)")
        let merge = ["merge", "1.jsonl", "3.jsonl"]
        let run = try await RunningProgram.run(merge + ["--report", "junit=merged.xml"], in: folder.path)
        #expect(run.code == 3, "\(run)")
        #expect(run.text.contains("ERROR 1.jsonl: shard 2/3"), "\(run)")
        #expect(run.text.contains("run --shard 2/3 again."), "\(run)")
        #expect(run.text.contains("ERROR: 2 passed, 1 could not be judged"), "\(run)")
        #expect(try folder.lines(of: "merged.xml").contains { $0.contains("shard 2/3") })
        let last = ["run", "--shard", "2/3", "--report", "json=2.jsonl"]
        #expect(try await RunningProgram.run(last, in: folder.path).code == 0)
        let whole = try await RunningProgram.run(merge + ["2.jsonl"], in: folder.path)
        #expect(whole.code == 0 && whole.text.contains("PASS: 3 passed"), "\(whole)")
    }

    private static func withoutFrames(_ line: String) throws -> String {
        var event = try JSONValue(parsing: line).object ?? [:]
        event["steps"] = .array(
            (event["steps"]?.array ?? []).map { step in
                var step = step.object ?? [:]
                step["frames"] = nil
                return .object(step)
            }
        )
        return JSONValue.object(event).description
    }

    @Test func fileThatIsNotAResultIsRefusedWithItsLine() async throws {
        let folder = try TemporaryFolder()
        try folder.write("{\"event\":\"run_started\",\"format\":1}\nnonsense\n", to: "x.jsonl")
        let run = try await RunningProgram.run(["merge", "x.jsonl"], in: folder.path)
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains("x.jsonl:2: The line is not valid JSON"), "\(run)")
    }

    @Test func matrixShowsWhereCellsDifferAndEachFailureOnce() async throws {
        let text = """
            version: 1
            server: demo
            matrix: {protocols: [legacy, modern]}
            cases:
              - {name: same, steps: [{call: echo, args: {message: x}, expect: {text: y}}]}
              - {name: ping, steps: [{raw: {method: ping}}]}
            """
        let (run, _) = try await Self.run(text)
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("FAIL s.suite.yaml: same [modern]: as in [legacy]"), "\(run)")
        #expect(
            run.text.contains(
                "Combinations that differ:\n  s.suite.yaml: ping: passed in [legacy]; failed in [modern]\n"
            ),
            "\(run)"
        )
    }

    /// A combination that the server does not speak is not judged unless the case expects that.
    @Test func protocolThatAServerDoesNotSpeakCanBeExpected() async throws {
        let answer = #"{"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "no"}}"#
        let text = """
            version: 1
            servers: {good: demo, old: {command: [sh, -c, 'read line; echo "$ANSWER"; cat >/dev/null'], env: {ANSWER: '\(answer)'}}}
            matrix: {servers: [good, old], protocols: [modern]}
            cases:
              - {name: one, REASON steps: [{call: echo, args: {message: a}}]}
            """
        let (run, _) = try await Self.run(text.replacing("REASON", with: ""))
        #expect(run.code == 3, "\(run)")
        #expect(run.text.contains(#"mark the case: `skip: {"old, modern": reason}`, or likewise"#), "\(run)")
        let reason = #"expected_failure: {"old, modern": an old library},"#
        let (second, _) = try await Self.run(text.replacing("REASON", with: reason))
        #expect(second.code == 0, "\(second)")
        #expect(second.text.contains("one [old, modern]"), "\(second)")
        #expect(second.text.contains("failed as expected (an old library)"), "\(second)")
    }

    /// What the server writes while it is connected does not belong to a step, and nothing is said twice.
    @Test func failureShowsOnlyWhatBelongsToIt() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            version: 1
            server: {command: [sh, -c, "echo starting >&2; exec \(Product.path) demo"]}
            cases:
              - {name: noisy, retry: 1, steps: [{call: echo, args: {message: a}, expect: {text: b}}]}
              - {name: late, timeout: 1s, steps: [{call: slow, args: {seconds: 300}}]}
              - {name: unprepared, setup: [{call: nowhere}], steps: [{call: echo, args: {message: a}}]}
            """,
            to: "s.suite.yaml"
        )
        let run = try await RunningProgram.run(["run", "--report", "markdown=out.md"], in: folder.path)
        #expect(run.code == 1, "\(run)")
        #expect(!run.text.contains("starting"), "\(run)")
        #expect(run.text.contains(", 2 attempts)"), "\(run)")
        #expect(run.text.contains(#"    result: {"content":[{"type":"text","text":"a"}],"isError":false}"#), "\(run)")
        #expect(run.text.split(separator: "did not finish within").count == 2, "\(run)")
        let table = try folder.lines(of: "out.md").first { $0.hasPrefix("| error | unprepared") }
        #expect(table?.contains("the setup failed: request: ") == true, "\(table ?? "")")
    }

    @Test func failFastSkipsTheRest() async throws {
        let (run, _) = try await Self.run(Self.three, ["--fail-fast", "--jobs", "1"])
        #expect(run.code == 1, "\(run)")
        #expect(run.lines.last?.hasPrefix("FAIL: 1 failed, 2 skipped in ") == true, "\(run)")
    }

    @Test func lastFailedRunsOnlyWhatDidNotPass() async throws {
        let (first, folder) = try await Self.run(Self.three)
        #expect(first.code == 1, "\(first)")
        let environment = ["XDG_CACHE_HOME": folder.path("cache")]
        let second = try await RunningProgram.run(
            ["run", "--last-failed", "--dry-run"],
            environment: environment,
            in: folder.path
        )
        #expect(second.lines == ["s.suite.yaml::one"], "\(second)")
    }

    @Test func lastFailedAfterShardsRepeatsTheCombinationsThatFailedInAnyOfThem() async throws {
        let folder = try TemporaryFolder()
        let text = """
            version: 1
            server: demo
            matrix: {protocols: [legacy, modern]}
            cases:
              - {name: ping, steps: [{raw: {method: ping}}]}
              - {name: wrong, steps: [{call: echo, args: {message: x}, expect: {text: "${WANTED:-y}"}}]}
            """
        try folder.write(text, to: "s.suite.yaml")
        func run(_ arguments: [String], wanted: String = "y") async throws -> Run {
            let environment = ["XDG_CACHE_HOME": folder.path("cache"), "WANTED": wanted]
            return try await RunningProgram.run(["run"] + arguments, environment: environment, in: folder.path)
        }
        for shard in 1...2 { #expect(try await run(["--shard", "\(shard)/2"]).code == 1) }
        let failed = ["ping [modern]", "wrong [legacy]", "wrong [modern]"].map { "s.suite.yaml::\($0)" }
        #expect(try await run(["--last-failed", "--dry-run"]).lines == failed)
        // The same file by another path. `wrong` passes now, and this shard runs it only in `modern`.
        #expect(try await run(["./s.suite.yaml", "--shard", "2/2"], wanted: "x").code == 1)
        #expect(try await run(["--last-failed", "--dry-run"]).lines == Array(failed.prefix(2)))
        #expect(try await run(["--filter", "wrong"], wanted: "x").code == 0)
        #expect(try await run(["--last-failed", "--dry-run"]).lines == Array(failed.prefix(1)))
        let none = try await run(["--last-failed", "--filter", "wrong"])
        #expect(none.code == 7 && none.errors.contains("No selected case failed when it last ran."), "\(none)")
    }

    @Test func resultsComeInTheOrderOfTheFileHoweverCasesRun() async throws {
        var text = "version: 1\nserver: demo\ncases:\n"
        for number in 0..<8 {
            let seconds = number % 2 == 0 ? "0.2" : "0.01"
            text += "  - {name: case \(number), steps: [{call: slow, args: {seconds: \(seconds)}}]}\n"
        }
        let (run, _) = try await Self.run(text, ["--jobs", "4", "--seed", "5"])
        #expect(run.code == 0, "\(run)")
        let names = run.lines.dropLast().compactMap {
            $0.split(separator: " ").dropFirst(2).prefix(2).joined(separator: " ")
        }
        #expect(names == (0..<8).map { "case \($0)" }, "\(run)")
    }

    @Test func severalReportsAreWrittenAtOnce() async throws {
        let formats = ["junit", "tap", "json", "github", "markdown", "sarif", "html"]
        let (run, folder) = try await Self.run(Self.three, formats.flatMap { ["--report", "\($0)=out.\($0)"] })
        #expect(run.code == 1, "\(run)")
        #expect(run.lines.last?.hasPrefix("FAIL: 2 passed, 1 failed in ") == true, "\(run)")
        let beginnings = [
            "junit": "<?xml", "tap": "TAP version 14\n1..3\n", "json": #"{"event":"run_started""#,
            "github": "::error file=s.suite.yaml,",
            "markdown": "## FAIL: 2 passed", "sarif": #"{"$schema""#, "html": "<!doctype html>",
        ]
        for (format, beginning) in beginnings {
            let text = try String(contentsOfFile: folder.path("out.\(format)"), encoding: .utf8)
            #expect(text.hasPrefix(beginning), "\(format): \(text.prefix(200))")
        }
    }

    @Test func pageShowsTheMessagesOfEachCaseEvenAfterAMerge() async throws {
        let arguments = ["--report", "html=whole.html", "--report", "json=out.jsonl", "--filter", "two"]
        let (run, folder) = try await Self.run(Self.three, arguments)
        #expect(run.code == 0, "\(run)")
        let merged = try await RunningProgram.run(
            ["merge", "out.jsonl", "--report", "html=merged.html"],
            in: folder.path
        )
        #expect(merged.code == 0, "\(merged)")
        for file in ["whole.html", "merged.html"] {
            let page = try String(contentsOfFile: folder.path(file), encoding: .utf8)
            let messages = try #require(page.split(separator: "<details class=\"messages\">").dropFirst().first)
            #expect(messages.contains("<td>sent</td>") && messages.contains("tools/call"), "\(file): \(messages)")
            #expect(messages.contains("<td>received</td>"), "\(file): \(messages)")
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"))
    func fullDiskForOneReportDoesNotHarmTheOthers() async throws {
        let arguments = ["--report", "junit=/dev/full", "--report", "tap=out.tap", "--filter", "two"]
        let (run, folder) = try await Self.run(Self.three, arguments)
        #expect(run.code == 3, "\(run)")
        #expect(run.errors.contains("The report /dev/full is incomplete: No space left on device"), "\(run)")
        #expect(try String(contentsOfFile: folder.path("out.tap"), encoding: .utf8).contains("ok 1 - "))
    }

    @Test func reportThatCannotBeOpenedIsRefusedBeforeTheRun() async throws {
        let (run, _) = try await Self.run(Self.three, ["--report", "junit=no/such/folder/x.xml"])
        #expect(run.code == 2, "\(run)")
        #expect(run.text.isEmpty)
        let (unknown, _) = try await Self.run(Self.three, ["--report", "juint"])
        #expect(unknown.code == 2, "\(unknown)")
        #expect(unknown.errors.contains("Use one of: pretty, json, junit"), "\(unknown)")
    }

    @Test func secretsAreReplacedInEveryReport() async throws {
        let text =
            "version: 1\nserver: demo\nsecrets: [HUSH]\ncases:\n  - name: c\n    steps:\n"
            + "      - {call: echo, args: {message: 'it is ${HUSH}'}, expect: {text: nothing}}\n"
        let formats = ["junit", "tap", "json", "github", "markdown", "sarif", "html"]
        let (run, folder) = try await Self.run(
            text,
            formats.flatMap { ["--report", "\($0)=out.\($0)"] },
            environment: ["HUSH": "swordfish-42"]
        )
        #expect(run.code == 1, "\(run)")
        #expect(!run.description.contains("swordfish-42"), "\(run)")
        for format in formats {
            let written = try String(contentsOfFile: folder.path("out.\(format)"), encoding: .utf8)
            #expect(!written.contains("swordfish-42"), "\(format)")
        }
    }

    @Test func interruptedRunReportsWhatRanAndEndsItsServers() async throws {
        let folder = try TemporaryFolder()
        let text = """
            version: 1
            server: demo
            cases:
              - {name: quick, steps: [{call: echo, args: {message: x}}]}
              - {name: slow, steps: [{call: slow, args: {seconds: 300}}], timeout: 10m}
              - {name: never, steps: [{call: echo, args: {message: x}}]}
            """
        try folder.write(text, to: "s.suite.yaml")
        let program = try await RunningProgram(["run", "--jobs", "1", "--report", "tap=out.tap"], in: folder.path)
        // The first case is finished, so the second one runs.
        #expect(try await program.line().hasPrefix("PASS s.suite.yaml: quick"))
        _ = program.process.kill(SIGINT)
        let run = await program.finish()
        #expect(run.code == 130, "\(run)")
        #expect(run.text.contains("SKIP s.suite.yaml: slow: interrupted"), "\(run)")
        let report = try String(contentsOfFile: folder.path("out.tap"), encoding: .utf8)
        #expect(report.contains("ok 1 - s.suite.yaml: quick"))
        #expect(report.contains("Bail out! interrupted"))
    }

    @Test func schemaOfSuitesIsPrinted() async throws {
        let run = try await RunningProgram.run(["schema", "suite"])
        #expect(run.code == 0, "\(run)")
        #expect(try run.json()["title"] == "mcp-test-mcp suite")
    }
}
