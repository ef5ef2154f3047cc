import JSON
import Tester

extension TesterTool {
    static let ping = TesterTool(
        "ping",
        title: "Ping",
        "Return \"pong\" from this tester.",
        effect: .readsTester,
        result: [.value("result", "string")]
    ) { (_, _, _) throws(Failure) in
        var report = Report(.pass, "pong")
        report.add("result", "pong")
        report.add("metadata", ["request_time_ms": 0])
        return report
    }
}
