import JSON
import MCP
import MCPTransport
import TestSupport
import Testing

@testable import Conformance

/// Each check can fail: a fault in the messages of a sound server makes it fail, and no other check of its group.
@Suite struct MutationTests {
    @Test(arguments: Mutation.all)
    func aFaultIsFoundByItsCheckAlone(_ mutation: Mutation) async throws {
        let group = try #require(Check.groups.first { $0.checks.contains { $0.row == mutation.row } })
        var options = ConformanceOptions()
        options.allowsWrites = true
        options.revision = mutation.revision
        options.only = Set(group.checks.map(\.row))
        // Whatever the fixtures lack is not the fault.
        options.skippedTools = ["protocol_error_job", "slow_compute", "long_text", "test_reconnection"]
        if !["S041", "S165"].contains(mutation.row) { options.skippedTools.insert("slow") }
        options.level = mutation.row.hasPrefix("A") ? .advice : .should
        if Check.all.first(where: { $0.row == mutation.row })?.level == .advice { options.level = .advice }
        options.limit = .seconds(1)
        options.callLimit = .seconds(3)
        let result =
            if mutation.isHTTP {
                try await SoundServer.serving { url in
                    try await ConformanceRun(SoundServer.http(at: url, mutation), options: options).run()
                }
            } else {
                try await ConformanceRun(
                    SoundServer.lines(mutation, kind: mutation.isSSE ? .sse : .stdio),
                    options: options
                ).run()
            }
        let broken = result.failures + result.warnings
        let own = result.results.first { $0.check.row == mutation.row }
        #expect(
            broken.contains { $0.check.row == mutation.row },
            "\(own?.verdict.name ?? "not run"): \(own?.verdict.message ?? "")"
        )
        let others = broken.filter { result in
            // Advice about the fixtures does not come from the fault.
            result.check.row != mutation.row && !mutation.also.contains(result.check.row)
                && result.check.level > .advice
        }
        #expect(others.isEmpty, "\(others.map { "\($0.check.row): \($0.verdict.message ?? "")" })")
    }

    /// The checks that no fault of the table reaches, each with the reason.
    @Test func everyCheckHasAFaultOrAReason() {
        let covered = Set(Mutation.all.map(\.row) + AuthorizationCheckTests.faults.map(\.row))
        let missing = Check.all.map(\.row).filter { !covered.contains($0) && Mutation.withoutFault[$0] == nil }
        #expect(missing.isEmpty, "\(missing.sorted())")
        #expect(Mutation.withoutFault.keys.allSatisfy { !covered.contains($0) })
    }
}
