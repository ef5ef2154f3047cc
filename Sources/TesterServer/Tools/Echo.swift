import JSON
import Tester

extension TesterTool {
    static let echo = TesterTool(
        "echo",
        title: "Echo",
        "Give a message back as it came: tells that text reaches this tester and returns unchanged.",
        parameters: ["message": required("string", "The message.")],
        required: ["message"],
        reads: true
    ) { (_, input, _) throws(Failure) in
        var report = Report(.pass, "echoed the message")
        report.add("result", .string(input.string("message") ?? ""))
        report.add("metadata", ["request_time_ms": 0])
        return report
    }
}
