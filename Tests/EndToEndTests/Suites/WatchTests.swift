import Foundation
import TestSupport
import Testing

/// `run --watch`: runs again when a file changes, until Ctrl-C.
@Suite(.timeLimit(.minutes(15)))
struct WatchTests {
    /// A server in one file, whose answer the test changes.
    private static func server(_ answer: String) -> String {
        """
        import json, sys
        for line in sys.stdin:
            message = json.loads(line)
            if "id" not in message:
                continue
            method = message["method"]
            reply = {"jsonrpc": "2.0", "id": message["id"]}
            if method == "initialize":
                reply["result"] = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
                                   "serverInfo": {"name": "s", "version": "1"}}
            elif method == "tools/list":
                reply["result"] = {"tools": [{"name": "say", "inputSchema": {"type": "object"}}]}
            elif method == "tools/call":
                reply["result"] = {"content": [{"type": "text", "text": "\(answer)"}]}
            else:
                reply["error"] = {"code": -32601, "message": "no"}
            print(json.dumps(reply), flush=True)
        """
    }

    private static func suite(_ expected: String) -> String {
        """
        version: 1
        server: {command: [python3, server.py], protocol: legacy}
        cases:
          - name: says
            steps: [{call: say, expect: {text: \(expected)}}]
        """
    }

    @Test func changesOfServerAndSuiteRunItAgain() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.server("one"), to: "server.py")
        try folder.write(Self.suite("one"), to: "s.suite.yaml")
        let program = try await RunningProgram(
            ["run", "--watch"],
            environment: ["XDG_CACHE_HOME": folder.path("cache")],
            in: folder.path
        )
        #expect(try await program.verdict().hasPrefix("PASS: 1 passed in "))
        try folder.write(Self.server("two and more"), to: "server.py")
        #expect(try await program.verdict().hasPrefix("FAIL: 1 failed in "))
        try folder.write(Self.suite("two and more"), to: "s.suite.yaml")
        #expect(try await program.verdict().hasPrefix("PASS: 1 passed in "))
        _ = program.process.kill(SIGINT)
        let run = await program.ended()
        #expect(run.code == 0, "\(run)")
        #expect(run.text.contains(" runs, the last one: PASS: 1 passed in "), "\(run)")
        #expect(run.errors.contains("server.py changed."), "\(run)")
    }

    @Test func firstRunMustBePossible() async throws {
        let folder = try TemporaryFolder()
        try folder.write("version: 2", to: "s.suite.yaml")
        let run = try await RunningProgram.run(["run", "--watch"], in: folder.path)
        #expect(run.code == 2, "\(run)")
    }
}

extension RunningProgram {
    /// The next line that ends a run.
    fileprivate func verdict() async throws -> String {
        while true {
            let line = try await line()
            if ["PASS: ", "FAIL: ", "ERROR: "].contains(where: line.hasPrefix) { return line }
        }
    }
}
