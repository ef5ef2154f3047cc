import JSON
import Tester

extension TesterTool {
    static let ping = TesterTool(
        "ping",
        title: "Ping",
        "Report \"pong\": tells that this tester itself can be reached.",
        reads: true
    ) { (_, _, _) throws(Failure) in
        var report = Report(.pass, "pong")
        report.add("result", "pong")
        report.add("metadata", ["request_time_ms": 0])
        return report
    }
}
