import JSON
import Suites
import Tester

extension TesterTool {
    static let saveSuite = TesterTool(
        "save_suite",
        title: "Save calls as cases",
        """
        Make suite cases of this session's calls; they expect what was observed. Read-only calls are repeated to find what \
        varies.
        """,
        parameters: [
            "file": parameter("string", "Such as server.suite.yaml."),
            "exchanges": [
                "type": "array", "items": ["type": "integer"],
                "description": "Default: all calls since connect.",
            ],
            "case": parameter("string", "Name of one case with all calls."),
            "connection_name": connectionName,
        ],
        required: ["file"],
        effect: .changes(isIdempotent: false),
        result: [.list("cases")]
    ) { (session, input, _) throws(Failure) in
        var request = SavedSuite.Request(file: input.string("file") ?? "")
        request.connection = input.string("connection_name")
        request.caseName = input.string("case")
        if let numbers = input.value("exchanges")?.array { request.exchanges = .numbers(numbers.compactMap(\.int)) }
        let saved = try await SavedSuite.save(request, of: session)
        let cases = saved.names.count
        var report = Report(
            .pass,
            "saved \(saved.count) call\(saved.count == 1 ? "" : "s") as \(cases) case\(cases == 1 ? "" : "s") to "
                + request.file
        )
        report.add("cases", .array(saved.names.map(JSONValue.string)))
        if !saved.variables.isEmpty { report.add("variables", .array(saved.variables.map(JSONValue.string))) }
        report.findings = saved.omitted.map { Finding(.usage, "Exchange \($0.number) was not saved: it \($0.reason).") }
        if let warning = saved.pathWarning { report.findings.append(Finding(.usage, warning)) }
        if let warning = saved.warning { report.findings.append(Finding(.usage, warning)) }
        let variables =
            saved.variables.isEmpty
            ? "" : " Set these environment variables first: \(saved.variables.joined(separator: ", "))."
        let order =
            cases > 1
            ? " Each case has its own process: if one call needs an earlier one, save them as one (case)." : ""
        report.nextStep = "Read the cases, then call run_suite with the file.\(variables)\(order)"
        return report
    }
}
