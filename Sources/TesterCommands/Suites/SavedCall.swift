import HostConfiguration
import JSON
import Platform
import Suites
import Tester

/// Saves a call that was made as a case of a suite.
struct SavedCall: Sendable {
    let file: String
    let tool: String
    let arguments: JSONText?

    /// Adds the case to the file, and says so in the report.
    ///
    /// A tool that is declared read-only is called a second time, to learn which parts of the result vary.
    func save(_ report: inout Report, in session: TesterSession) async throws(Failure) {
        guard let connection = session.connections.last, let result = Self.result(of: report) else {
            throw .usage(
                "The call has no result, so it was not saved to \(file).",
                nextStep: "Save a call that the server answers."
            )
        }
        var draft = SuiteDraft(for: connection.target, isInWorkingDirectory: !file.contains("/"))
        var second: JSONValue?
        if session.isReadOnly(tool) {
            second = Self.result(of: await session.callTool(tool, arguments: arguments))
        }
        draft.addCall(of: tool, arguments: arguments?.value().object ?? [:], result: result, second: second)
        try await Self.write(draft, to: file)
        report.nextStep = "The call was saved. Run it with: \(Program.name) run \(RunCommand.quoted(file))"
    }

    /// The result as the server sent it, as far as expectations need it; nil if the call has none.
    private static func result(of report: Report) -> JSONValue? {
        let object = report.structured.value()
        if let result = object["target_result"], result.object != nil { return result }
        guard let call = object["tool_call"], call.object != nil else { return nil }
        var result = JSONObject()
        if let content = call["content"] {
            result["content"] = content
        } else if let text = call["result"]?.string {
            result["content"] = [["type": "text", "text": .string(text)]]
        }
        if let structured = call["structured_content"] { result["structuredContent"] = structured }
        return .object(result)
    }

    static func write(_ draft: SuiteDraft, to file: String) async throws(Failure) {
        try await offLoop { () throws(Failure) -> Void in
            do {
                var text = draft.text
                if access(file, F_OK) == 0 {
                    text = try draft.adding(to: try ConfigurationFile.read(file, limit: 32 << 20), path: file)
                }
                try ConfigurationFile.replace(file, with: Array(text.utf8))
            } catch let failure as Failure {
                throw failure
            } catch {
                throw .usage("\(file) was not written: \(error).", nextStep: "Give a path that can be written.")
            }
        }
    }
}
