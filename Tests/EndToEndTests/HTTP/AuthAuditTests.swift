import JSON
import TestSupport
import Testing

/// The demo server that demands authorization, and the audit, as a user runs both.
@Suite(.timeLimit(.minutes(5)))
struct AuthAuditTests {
    private static let machine = ["--auth-client-id", "machine", "--auth-client-secret", "env:MACHINE_SECRET"]
    private static let environment = ["MACHINE_SECRET": "machine-secret"]

    private func run(_ arguments: [String], in folder: TemporaryFolder) async throws -> Run {
        let store = ["--auth-store", folder.path("tokens.json")]
        return try await RunningProgram.run(arguments + Self.machine + store, environment: Self.environment)
    }

    @Test func aSoundServerPassesAndNoTokenIsShown() async throws {
        let folder = try TemporaryFolder()
        let served = try await ServedProgram(["demo", "--auth"])
        let list = try await run(["list", served.url], in: folder)
        #expect(list.code == 0, "\(list)")
        let store = ["--auth-store", folder.path("tokens.json")]
        let shown = try await RunningProgram.run(["auth", "show", served.url] + store)
        for claim in ["\"sub\": \"machine\"", "\"exp\": ", "expires at "] {
            #expect(shown.text.contains(claim), "\(shown)")
        }
        #expect(!shown.description.contains("eyJ"))
        let audit = try await run(["auth", "audit", served.url, "--revoke", "--json"], in: folder)
        #expect(audit.code == 0, "\(audit)")
        let report = try JSONValue(parsing: audit.text)
        let rows = report["audit"]?.array ?? []
        #expect(rows.count == 14)
        #expect(rows.allSatisfy { ["ok", "inconclusive"].contains($0["verdict"]?.string ?? "") }, "\(rows)")
        #expect(rows.allSatisfy { $0["source"]?.string?.isEmpty == false && $0["rule"] != nil })
        for text in [audit.text, list.text, audit.errors] { #expect(!text.contains("eyJ"), "\(text)") }
        for row in rows {
            #expect(row["sent"] != nil && row["expected"] != nil, "\(row)")
            #expect((row["received"] ?? row["needed"])?.string?.isEmpty == false, "\(row)")
        }
        #expect(report["next_step"]?.string?.contains("an issuer that the server trusts") == true, "\(audit)")
        // The revoked token is not used again.
        let after = try await run(["list", served.url], in: folder)
        #expect(after.code == 0, "\(after)")
        await served.stop()
    }

    @Test func aFaultFailsWithItsRule() async throws {
        let folder = try TemporaryFolder()
        let served = try await ServedProgram(["demo", "--auth", "--auth-fault", "accepts-alg-none"])
        let audit = try await run(["auth", "audit", served.url], in: folder)
        #expect(audit.code == 1, "\(audit)")
        #expect(audit.text.contains("accepts what it must not: alg-none"), "\(audit)")
        #expect(audit.text.contains("rejects every JWT whose algorithm is none"), "\(audit)")
        #expect(!audit.text.contains("eyJ"))
        await served.stop()
    }

    @Test func withoutATokenTheChecksSayOnceWhatTheyNeed() async throws {
        let folder = try TemporaryFolder()
        let served = try await ServedProgram(["demo", "--auth"])
        let command = ["auth", "audit", served.url, "--auth-store", folder.path("tokens.json")]
        let audit = try await RunningProgram.run(command)
        #expect(audit.code == 3, "\(audit)")
        #expect(audit.lines.count { $0.contains("needed:") } == 1, "\(audit)")
        #expect(audit.lines.count { $0.contains("inconclusive  ") } == 13, "\(audit)")
        #expect(audit.text.contains("Next step: Log in: mcp-test-mcp auth login \(served.url)."), "\(audit)")
        #expect(!audit.text.contains("connect_to_server") && !audit.text.contains("`auth`"), "\(audit)")
        let json = try JSONValue(parsing: try await RunningProgram.run(command + ["--json"]).text)
        #expect(json["success"] == false && json["audit"]?.array?.count == 14, "\(json)")
        await served.stop()
    }

    @Test func theFaultsAreListed() async throws {
        let list = try await RunningProgram.run(["demo", "--list-auth-faults"])
        #expect(list.code == 0)
        #expect(list.lines.count >= 20)
        let unknown = try await RunningProgram.run(["demo", "--auth", "--auth-fault", "accepts-expire"])
        #expect(unknown.code == 2)
        #expect("\(unknown)".contains("Did you mean accepts-expired?"))
    }
}
