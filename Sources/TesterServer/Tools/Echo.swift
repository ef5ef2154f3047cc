import JSON
import Tester

extension TesterTool {
    static let echo = TesterTool(
        "echo",
        title: "Echo",
        "Return a message unchanged, from this tester.",
        parameters: ["message": parameter("string", "The message.")],
        required: ["message"],
        effect: .readsTester,
        result: [.value("result", "string")]
    ) { (_, input, _) throws(Failure) in
        var report = Report(.pass, "echoed the message")
        report.add("result", .string(input.string("message") ?? ""))
        report.add("metadata", ["request_time_ms": 0])
        return report
    }
}
