import JSON
import MCP
import Testing

@testable import Tester

@Suite struct SeverityTests {
    @Test func onlyAdviceDoesNotBreakARule() {
        for failureClass in FailureClass.allCases where failureClass.severity == .advice {
            #expect(failureClass.page == nil, "\(failureClass)")
        }
        #expect(FailureClass.allCases.filter { $0.severity == .advice } == [.usage])
    }

    @Test func programsReadTheRuleAndModelsDoNotPayForIt() {
        var report = Report(.pass, "x")
        report.findings = [Finding(.stdoutPollution, "noise"), Finding(.usage, "better")]
        report.revision = .v2025_06_18
        let rule = "https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#stdio"
        let rendered = report.rendered(ReportView()) { _ in "@1" }
        #expect(rendered.structured.value()["findings"]?[0]?["rule"]?.string == rule)
        #expect(rendered.structured.value()["findings"]?[1]?["rule"] == nil)
        #expect(rendered.text.value()["findings"]?[0] == ["failure_class": "stdout_pollution", "message": "noise"])
        let verbose = report.rendered(ReportView(isVerbose: true)) { _ in "@1" }
        #expect(verbose.text.value()["findings"]?[0]?["rule"]?.string == rule)
    }

    @Test func aFailureHasTheRuleOfItsClassInTheRevisionOfTheTarget() {
        var report = Report(Failure(.version, .connectionFailed, "No version.", nextStep: ""))
        #expect(report.structured.value()["rule"]?.string == Revision.latest.url(of: .versioning))
        report.revision = .v2024_11_05
        #expect(
            report.structured.value()["rule"]?.string?.hasSuffix("2024-11-05/basic/lifecycle#version-negotiation")
                == true
        )
        let crash = Report(Failure(.crashed, .transportError, "It crashed.", nextStep: ""))
        #expect(crash.structured.value()["rule"] == nil)
    }
}
