import JSON
import TestSupport
import Testing

extension RealPeers {
    /// The commands with servers of real libraries and with independent servers.
    @Suite struct RealTargetTests {
        private static let peers = [TestPeers.mcp2, .mcp1, .fastmcp4, .fastmcp3].filter(\.isAvailable)

        private func json(_ command: [String], on peer: TestPeers) async throws -> JSONValue {
            let target = [peer.python, TestPeers.script("servers/\(peer.rawValue)_server.py")]
            let run = try await RunningProgram.run(command + ["--json", "--"] + target)
            #expect(run.code == 0, "\(run)")
            #expect(run.errors.isEmpty, "\(run)")
            return try run.json()
        }

        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers)
        func aServerOfARealLibraryIsTestedAndUsed(_ peer: TestPeers) async throws {
            let test = try await json(["test"], on: peer)
            #expect(test["summary"]?["total_tools"] == 8 && test["summary"]?["total_prompts"] == 1, "\(test)")
            #expect(test["summary"]?["findings"] == 0, "\(test)")

            let call = try await json(["call", "add", "a=2", "b=40"], on: peer)
            #expect(call["tool_call"]?["arguments"] == ["a": 2, "b": 40])
            #expect(call["tool_call"]?["structured_content"] == ["sum": 42], "\(call)")
            #expect(call["checks"]?["output"] == "passed", "\(call)")

            let read = try await json(["read", "memo://hello"], on: peer)
            #expect(read["resource"]?["content"]?.string?.hasPrefix("Hello from a text resource.") == true, "\(read)")
            let prompt = try await json(["prompt", "greeting", "name=Ada"], on: peer)
            #expect("\(prompt)".contains("greeting for Ada"))
            let raw = try await json(["raw", "tools/list"], on: peer)
            #expect(raw["response"]?["result"]?["tools"]?.array?.count == 8, "\(raw)")
        }

        @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
        func aScriptRunsInTheNearestVirtualEnvironment() async throws {
            let folder = try TemporaryFolder()
            let interpreter = "#!/bin/sh\nexec '\(TestPeers.mcp2.python)' \"$@\"\n"
            try folder.write(interpreter, to: "project/.venv/bin/python", isExecutable: true)
            let script = TestPeers.script("servers/mcp2_server.py")
            try folder.write(
                "import runpy\nrunpy.run_path('\(script)', run_name='__main__')\n",
                to: "project/src/server.py"
            )
            let run = try await RunningProgram.run(
                ["call", "project/src/server.py", "echo", "message=hi"],
                environment: ["PYTHONPATH": TestPeers.script("servers")],
                in: folder.path
            )
            #expect(run.code == 0, "\(run)")
            #expect(run.text.contains("\n  hi\n"), "\(run)")
        }

        @Test(.enabled(if: TestPeers.others.isAvailable, "\(TestPeers.absence)"))
        func theReferenceTimeServerIsTestedAndUsed() async throws {
            let target = ["--", TestPeers.others.program("mcp-server-time"), "--local-timezone", "UTC"]
            let test = try await RunningProgram.run(["test"] + target)
            #expect(test.code == 0, "\(test)")
            let call = try await RunningProgram.run(["call", "get_current_time", "timezone=Europe/Zurich"] + target)
            #expect(call.code == 0, "\(call)")
            #expect(call.text.contains("Europe/Zurich"))
            let wrong = try await RunningProgram.run(["call", "get_current_time", "timezone=Middle/Earth"] + target)
            #expect(wrong.code == 1, "\(wrong)")
            #expect(try wrong.errorReport() != nil)
        }

        @Test(.enabled(if: TestPeers.others.isAvailable, "\(TestPeers.absence)"))
        func aRustServerIsTestedAndUsed() async throws {
            let target = ["--", TestPeers.others.program("biomcp"), "serve"]
            let test = try await RunningProgram.run(["test"] + target)
            #expect(test.code == 0, "\(test)")
            let call = try await RunningProgram.run(["call", "biomcp", "command=version"] + target)
            #expect(call.code == 0, "\(call)")
        }

        /// Each is a fault of the scripted server, the exit code and the failure class.
        @Test(
            .enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"),
            arguments: [
                ("exit-at-once", 3, "crashed"), ("silent", 3, "timeout"), ("initialize-error", 3, "handshake"),
                ("garbage", 3, "stdout_pollution"), ("never-answer", 3, "timeout"), ("die-mid-call", 1, "crashed"),
                ("half-line", 3, "timeout"), ("error-with-data", 1, "protocol_error"),
                ("result-and-error", 1, "protocol_error"), ("answer-after-exit", 0, nil), ("no-newline-at-end", 0, nil),
                ("banner", 0, nil), ("noise-between", 0, nil), ("split-writes", 0, nil), ("crlf", 0, nil),
                ("lone-surrogate", 0, nil), ("duplicate-keys", 0, nil), ("stderr-flood", 0, nil), ("progress", 0, nil),
            ] as [(String, Int32, String?)]
        )
        func aScriptedFaultHasItsExitCode(fault: String, code: Int32, failureClass: String?) async throws {
            let server = try FaultyServer(fault)
            // Short only where it must expire: a busy machine may take seconds to start a server.
            let limits =
                switch fault {
                case "silent", "garbage": ["--connect-timeout", "6"]
                case "never-answer", "half-line": ["--timeout", "1"]
                default: [String]()
                }
            let command = ["call", "echo", #"{"message":"hi"}"#] + limits
            let run = try await RunningProgram.run(command + ["--", FaultyServer.python] + server.arguments)
            #expect(run.code == code, "\(run)")
            #expect(try run.errorReport()?["code"]?.string == failureClass, "\(run)")
            // Without a connection, no call is sent.
            let wasCalled = try server.methods().contains("tools/call")
            #expect(wasCalled == !["exit-at-once", "silent", "initialize-error", "garbage"].contains(fault))
        }
    }
}
