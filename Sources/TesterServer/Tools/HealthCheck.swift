import JSON
import MCP
import Tester

extension TesterTool {
    static func healthCheck(servedOver transport: String) -> TesterTool {
        TesterTool(
            "health_check",
            title: "Health check",
            "Return this tester's state and version.",
            effect: .readsTester,
            result: [.value("status", "string")]
        ) { (session, _, _) throws(Failure) in
            let info = session.info
            var report = Report(.pass, "\(info.name ?? "") \(info.version ?? "") is healthy")
            report.add("status", "healthy")
            report.add("server", .string(info.name ?? ""))
            report.add("version", .string(info.version ?? ""))
            report.add("transport", .string(transport))
            report.add("metadata", ["request_time_ms": 0])
            return report
        }
    }
}
