import JSON
import MCP
import Tester

extension TesterTool {
    static func healthCheck(servedOver transport: String) -> TesterTool {
        TesterTool(
            "health_check",
            title: "Health check",
            "Tell that this tester itself works, with its version.",
            reads: true
        ) { (session, _, _) throws(Failure) in
            let info = session.info
            var answer = Report(.pass, "\(info.name ?? "") \(info.version ?? "") is healthy")
            answer.add("status", "healthy")
            answer.add("server", .string(info.name ?? ""))
            answer.add("version", .string(info.version ?? ""))
            answer.add("transport", .string(transport))
            answer.add("metadata", ["request_time_ms": 0])
            return answer
        }
    }
}
