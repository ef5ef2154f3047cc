import JSON
import Tester

extension TesterTool {
    static let add = TesterTool(
        "add",
        title: "Add",
        "Add two integers: tells that numbers reach this tester and return unchanged.",
        parameters: ["a": required("integer", "The first integer."), "b": required("integer", "The second integer.")],
        required: ["a", "b"],
        reads: true
    ) { (_, input, _) throws(Failure) in
        guard let a = input.number("a")?.int64, let b = input.number("b")?.int64 else {
            throw .usage("An integer is beyond 64 bits.", nextStep: "Give smaller integers.")
        }
        let (sum, isTooLarge) = a.addingReportingOverflow(b)
        guard !isTooLarge else {
            throw .usage("The sum of \(a) and \(b) is beyond 64 bits.", nextStep: "Give smaller integers.")
        }
        var report = Report(.pass, "\(a) + \(b) = \(sum)")
        report.add("result", JSONValue(sum))
        report.add("metadata", ["request_time_ms": 0])
        return report
    }
}
