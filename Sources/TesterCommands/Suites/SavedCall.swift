import Suites
import Tester

/// Saves the call that was made last as a case of a suite.
struct SavedCall: Sendable {
    let file: String

    /// Adds the case to the file, and says so in the report.
    func save(_ report: inout Report, in session: TesterSession) async throws(Failure) {
        var request = SavedSuite.Request(file: file)
        request.exchanges = .lastToolCall
        let saved = try await SavedSuite.save(request, of: session)
        let variables = saved.variables.map { "\($0)=… " }.joined()
        let command = "Run it with: \(variables)\(Program.name) run \(RunCommand.quoted(file))"
        if let warning = saved.pathWarning { report.findings.append(Finding(.usage, warning)) }
        // The next step of a call that failed is about the failure.
        if let warning = saved.warning {
            report.findings.append(Finding(.usage, "The call was saved to \(file). \(warning) \(command)"))
        } else {
            report.nextStep = "The call was saved. \(command)"
        }
    }
}
