import DemoServer
import JSON
import TestSupport
import Tester
import Testing

@testable import TesterCommands

/// Looking closely at the demo server on the command line, skills and their faults included.
@Suite(.timeLimit(.minutes(15)))
struct InspectionCommandTests {
    private func run(
        _ words: [String],
        faults: Set<Fault> = [],
        variables: [String: String] = [:]
    ) async throws -> (exit: Exit, object: JSONValue, written: Written) {
        let written = Written()
        let context = try CommandContext.scripted(written, faults: faults, variables: variables)
        let exit = try await TesterCommandsTests.run(words + ["--json"], in: context)
        return (exit, try JSONValue(parsing: written.out), written)
    }

    @Test(arguments: [
        (["capabilities", "demo"], "extensions"), (["describe", "demo", "weather"], "example_arguments"),
        (["validate", "demo", "add", "a=1", "b=2"], "valid"),
        (["complete", "demo", "--template", "demo://weather/{city}", "city", "Li"], "completion"),
        (["compare", "demo", "--with-protocol", "legacy", "weather", "city=Lisbon"], "differences"),
        (["compare", "demo", "--with", "demo", "--resource", "demo://welcome"], "differences"),
        (["skills", "demo"], "skills"), (["skills", "demo", "skill://demo/weather-report/SKILL.md"], "files"),
        (["skills", "demo", "skill://demo/weather-report", "--directory"], "resources"),
        (["raw", "demo", "tools/list", "--dry-run"], "request"),
        (["list", "demo", "--templates"], "resource_templates"),
    ])
    func commandPassesOnTheDemoServer(words: [String], key: String) async throws {
        let (exit, object, _) = try await run(words)
        #expect(exit == .passed && object[key] != nil, "\(object)")
        #expect(object["findings"] == nil, "\(object["findings"] ?? nil)")
    }

    @Test
    func invalidArgumentsExitWithAFailure() async throws {
        let (exit, object, _) = try await run(["validate", "demo", "add", #"{"a": "1", "b": 2}"#])
        #expect(exit == .failed && object["corrected"] == ["a": 1, "b": 2], "\(object)")
    }

    @Test("words of wrong types and unknown names are validated, not refused")
    func validatedWords() async throws {
        let (exit, object, _) = try await run(["validate", "demo", "add", "a=one", "b=2", "d=3"])
        #expect(exit == .failed && object["errors"]?.array?.count == 2, "\(object)")
    }

    @Test func checksAreListedByTheirWords() async throws {
        let written = Written()
        let found = try await TesterCommandsTests.run(
            ["checks", "session", "MUST", "--revision", "2025-06-18"],
            in: .scripted(written)
        )
        #expect(found == .passed)
        let lines = written.out.split(separator: "\n").map(String.init)
        #expect(lines.count > 1 && lines.allSatisfy { $0.lowercased().contains("session") }, "\(lines)")
        let row = try #require(lines.first?.split(separator: " ").first.map(String.init))

        let (exit, list, _) = try await run(["checks", row])
        #expect(exit == .passed && list[0]?["number"]?.string == row, "\(list)")
        #expect(
            list[0]?["page"]?.string?.hasPrefix("https://modelcontextprotocol.io/specification/") == true,
            "\(list)"
        )

        let nothing = Written()
        #expect(try await TesterCommandsTests.run(["checks", "no-such-rule"], in: .scripted(nothing)) == .failed)
        #expect(
            nothing.error.contains("No check of this level and revision matches \"no-such-rule\"."),
            "\(nothing.error)"
        )
    }

    @Test(arguments: [
        (["compare", "demo", "echo"], "Missing --with"), (["complete", "demo", "city"], "Give either --prompt"),
        (["describe", "demo"], "Missing tool name"), (["skills", "demo", "--directory"], "Missing directory URI"),
    ])
    func missingWordIsNamed(words: [String], says: String) async throws {
        let written = Written()
        let exit = try await TesterCommandsTests.run(words, in: .scripted(written))
        #expect(exit == .misused && written.error.contains(says), "\(written.error)")
    }

    /// The rules that each fault of the demo server breaks, by the actions that find it.
    static let faults: [(Fault, list: Bool, rules: Set<String>)] = [
        (.skillCapability, true, ["skills/capability"]), (.skillResult, true, ["skills/result"]),
        (.skillName, true, ["skills/path-name"]), (.skillFrontmatter, false, ["skills/frontmatter"]),
        (.skillResources, true, ["skills/resources"]), (.skillDigest, false, ["skills/digest"]),
        (.skillSize, false, ["skills/size"]), (.skillIncomplete, false, ["skills/complete"]),
        (.skillLimits, true, ["skills/limits"]), (.skillEntry, false, ["skills/entry", "skills/errors"]),
        (.skillDirectory, false, ["skills/directory", "skills/errors"]), (.skillMIMEType, false, ["skills/mime-type"]),
        (.skillNames, true, ["skills/names"]), (.skillPaging, true, ["skills/paging"]),
    ]

    @Test(arguments: faults.indices)
    func eachBrokenRuleOfSkillsIsAFinding(_ index: Int) async throws {
        let (fault, isInList, rules) = Self.faults[index]
        let folder = fault == .skillName ? "forecasts" : "weather-report"
        let words = isInList ? ["skills", "demo"] : ["skills", "demo", "skill://demo/\(folder)/SKILL.md"]
        let (exit, object, _) = try await run(words, faults: [fault])
        let found = Set((object["findings"]?.array ?? []).compactMap { $0["evidence"]?["rule"]?.string })
        #expect(found.isSuperset(of: rules), "\(object)")
        // What hosts must refuse fails; a recommendation does not.
        let isAdvice = [Fault.skillLimits, .skillMIMEType, .skillNames].contains(fault)
        #expect(exit == (isAdvice ? .passed : .failed), "\(object)")
        // Nothing else is reported.
        #expect(found.subtracting(rules).isEmpty, "\(object["findings"] ?? nil)")
    }

    @Test
    func everySkillFaultIsTested() {
        let skillFaults = Fault.allCases.filter { $0.rawValue.hasPrefix("skill-") }
        #expect(Set(skillFaults) == Set(Self.faults.map(\.0)))
    }

    @Test
    func debugVariableLogsEachFrameAsJSON() async throws {
        let (_, _, written) = try await run(["call", "demo", "echo", "message=hi"], variables: ["MCP_TEST_DEBUG": "1"])
        let lines = try written.error.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        let frames = lines.filter { $0["frame"] != nil }
        #expect(frames.contains { $0["direction"] == "sent" && $0["frame"]?.string?.contains("tools/call") == true })
        #expect(frames.contains { $0["direction"] == "received" && $0["frame"]?.string?.contains("hi") == true })
        #expect(frames.allSatisfy { $0["timestamp"] != nil && $0["bytes"]?.int != nil })
        let silent = try await run(["call", "demo", "echo", "message=hi"])
        #expect(silent.written.error.isEmpty)
    }
}
