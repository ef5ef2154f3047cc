import JSON
import MCP
import TestSupport
import Testing

@testable import Conformance

/// The demo server follows every rule.
@Suite struct SoundServerTests {
    private static var options: ConformanceOptions {
        var options = ConformanceOptions()
        options.allowsWrites = true
        // The official suite fixes the texts of the fixtures, and one of them is there to fail.
        options.level = .should
        options.skippedTools = ["protocol_error_job"]
        return options
    }

    private static func violations(_ result: ConformanceResult) -> [String] {
        (result.failures + result.warnings).map { result in
            let evidence = result.verdict.exchanges.first.map { "\(JSONValue.object($0.json))" } ?? ""
            return
                "\(result.check.row) \(result.check.id) \(result.revision): \(result.verdict.message ?? "") \(evidence)"
        }
    }

    @Test func theDemoServerPassesInAllRevisionsOverLines() async throws {
        let result = try await ConformanceRun(SoundServer.lines(), options: Self.options).run()
        #expect(result.revisions == Revision.allCases)
        let violations = Self.violations(result)
        #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
    }

    @Test func theDemoServerPassesInAllRevisionsOverHTTP() async throws {
        try await SoundServer.serving { url in
            let result = try await ConformanceRun(SoundServer.http(at: url), options: Self.options).run()
            #expect(result.revisions == Revision.allCases.filter { $0 != .earliest })
            let violations = Self.violations(result)
            #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
        }
    }

    @Test func theDemoServerWithoutFixturesFollowsAllAdvice() async throws {
        let result = try await ConformanceRun(SoundServer.lines(fixtures: false)).run()
        let violations = Self.violations(result)
        #expect(violations.isEmpty, "\(violations.joined(separator: "\n"))")
    }

    @Test func checksHaveUniqueNamesAndPages() {
        #expect(Set(Check.all.map(\.id)).count == Check.all.count)
        #expect(Set(Check.all.map(\.row)).count == Check.all.count)
        for check in Check.all where check.level > .advice {
            #expect(check.page != nil, "\(check.id)")
            for revision in Revision.allCases where check.revisions.range.contains(revision) {
                #expect(check.page.flatMap { revision.url(of: $0) } != nil, "\(check.id) in \(revision)")
            }
        }
    }
}
