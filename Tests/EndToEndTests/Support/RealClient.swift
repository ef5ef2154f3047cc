import JSON
import TestSupport
import Testing

/// A client library, its protocol mode, and the revision it agrees on with us.
struct RealClient: Sendable, CustomTestStringConvertible {
    let peer: TestPeers
    let mode: String
    let revision: String

    var testDescription: String { "\(peer.rawValue) \(mode)" }

    static let all = [
        RealClient(peer: .mcp2, mode: "auto", revision: "2026-07-28"),
        RealClient(peer: .mcp2, mode: "legacy", revision: "2025-11-25"),
        RealClient(peer: .mcp2, mode: "2026-07-28", revision: "2026-07-28"),
        RealClient(peer: .mcp1, mode: "legacy", revision: "2025-11-25"),
        RealClient(peer: .fastmcp4, mode: "auto", revision: "2026-07-28"),
        RealClient(peer: .fastmcp3, mode: "legacy", revision: "2025-11-25"),
    ].filter(\.peer.isAvailable)

    /// The server on the same library, over stdio.
    var server: [String] { [peer.python, TestPeers.script("servers/\(peer.rawValue)_server.py")] }

    /// Calls tools of a server that is started, in order.
    ///
    /// - Parameter action: How its user answers input requests: accept, decline or cancel. Nil declares no such capability.
    func run(
        _ calls: [(tool: String, arguments: JSONValue)],
        on command: [String],
        answering action: String? = nil,
        environment: [String: String] = [:]
    ) async throws -> JSONValue {
        try await run(calls, Self.option(action) + ["--"] + command, environment)
    }

    /// Calls tools of a running server, in order.
    func run(
        _ calls: [(tool: String, arguments: JSONValue)],
        at url: String,
        transport: String = "streamable-http",
        headers: [String] = [],
        answering action: String? = nil
    ) async throws -> JSONValue {
        let target = ["--url", url, "--transport", transport] + headers.flatMap { ["--header", $0] }
        return try await run(calls, Self.option(action) + target)
    }

    private static func option(_ action: String?) -> [String] { action.map { ["--action", $0] } ?? [] }

    private func run(
        _ calls: [(tool: String, arguments: JSONValue)],
        _ target: [String],
        _ environment: [String: String] = [:]
    ) async throws -> JSONValue {
        let list = calls.map { ["tool": .string($0.tool), "arguments": $0.arguments] as JSONValue }
        let program = try await RunningProgram(
            [
                TestPeers.script("clients/\(peer.rawValue)_client.py"), "--mode", mode, "--timeout", "300", "--calls",
                "-",
            ]
                + target,
            environment: environment,
            executable: peer.python
        )
        program.write(JSONValue.array(list).description)
        let run = await program.finish()
        try #require(run.code == 0, "\(run)")
        let report = try run.json()
        try await check(report, calls)
        return report
    }

    /// Every result of the tester is as its tool declares it; the tools of other servers are theirs.
    ///
    /// The clients check the structured content too, but not the text, and no result that is an error.
    private func check(_ report: JSONValue, _ calls: [(tool: String, arguments: JSONValue)]) async throws {
        guard report["tools"]?.array?.contains("connect_to_server") == true else { return }
        #expect(report["declaring"] == report["tools"], "every tool has an output schema")
        let declared = try await Host.declared.value
        for (call, result) in zip(calls, report["results"]?.array ?? []) {
            #expect(result["error"] == nil, "\(call): \(result)")
            let problems = declared.problems(in: result["result"] ?? nil, of: call.tool, call.arguments)
            #expect(problems.isEmpty, "\(problems): \(result)")
        }
    }
}
