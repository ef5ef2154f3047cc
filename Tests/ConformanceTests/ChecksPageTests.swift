import Foundation
import MCP
import TestSupport
import Testing

@testable import Conformance

/// `Documentation/Checks.md` has what the table has.
@Suite struct ChecksPageTests {
    private static func row(_ check: Check) -> String {
        let range = check.revisions.range
        let revisions =
            range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        return "| \(check.row) | `\(check.id)` | \(check.level.rawValue) | \(revisions) | "
            + "\(check.transports.rawValue) | \(check.rule) |"
    }

    @Test func thePageListsEveryCheckAndEveryRuleWithoutOne() throws {
        let page = try String(contentsOfFile: "\(packageRoot)/Documentation/Checks.md", encoding: .utf8)
        let lines = page.split(separator: "\n").map(String.init)
        for check in Check.all { #expect(lines.contains(Self.row(check)), "\(Self.row(check))") }
        for item in Check.uncovered {
            #expect(lines.contains("| \(item.row) | \(item.rule) | \(item.reason) |"), "\(item.row)")
        }
        #expect(lines.count { $0.hasPrefix("| S") || $0.hasPrefix("| A") } == Check.all.count + Check.uncovered.count)
    }

    @Test func atLeast280RulesHaveACheck() {
        #expect(Set(Check.all.filter { $0.row.hasPrefix("S") }.map { $0.row.prefix(4) }).count >= 280)
    }
}
