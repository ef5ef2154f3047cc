import JSON

@testable import Suites

/// Reads a suite from text, as tests write it.
enum SuiteText {
    /// The suite.
    static func suite(_ text: String, environment: [String: String] = [:]) throws(SuiteProblems) -> Suite {
        try SuiteLoader.read(Array(text.utf8), path: "s.suite.yaml") { environment[$0] }
    }

    /// The problems of a suite, as they are shown; empty if there are none.
    static func problems(_ text: String, environment: [String: String] = [:]) -> [String] {
        do throws(SuiteProblems) {
            _ = try suite(text, environment: environment)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    /// A suite with one case, whose steps are the given lines.
    static func withSteps(_ steps: String) -> String {
        let lines = steps.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
        return "version: 1\nserver: demo\ncases:\n  - name: c\n    steps:\n\(lines)\n"
    }

    /// Why a value does not satisfy a matcher that is written in YAML; nil if it does.
    static func mismatch(_ matcher: String, _ value: JSONValue?, _ captured: [String: JSONValue] = [:]) throws
        -> Mismatch?
    {
        let captures = captured.keys.sorted().map { "\($0): /x" }.joined(separator: ", ")
        let steps = "- call: t\n  capture: {\(captures)}\n- call: u\n  expect: {text: \(matcher)}"
        let step = try suite(withSteps(steps)).cases[0].steps[1]
        var scope = Scope()
        scope.values = captured
        return try step.expect.text?.mismatch(of: value, in: scope)
    }
}
