import JSON
import Tester

extension TesterTool {
    static let echo = TesterTool(
        "echo",
        title: "Echo",
        "Return a message unchanged. Tests the link to this tester; does not contact the connected server.",
        parameters: ["message": required("string", "The message.")],
        required: ["message"],
        effect: .readsTester
    ) { (_, input, _) throws(Failure) in
        var report = Report(.pass, "echoed the message")
        report.add("result", .string(input.string("message") ?? ""))
        report.add("metadata", ["request_time_ms": 0])
        return report
    }
}
