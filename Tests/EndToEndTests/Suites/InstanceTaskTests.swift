import TestSupport
import Testing

/// `instances: 2` with tasks, which the demo server keeps in its process.
@Suite(.timeLimit(.minutes(15)))
struct InstanceTaskTests {
    @Test func taskThatOnlyOneProcessKnowsIsFound() async throws {
        let text = SuiteRunTests.suite(
            ["{call: slow_compute, args: {seconds: 0.2, label: x}}"],
            server: "{command: ['\(Product.path)', demo, --fixtures], instances: 2}"
        )
        let (run, _) = try await SuiteRunTests.run(text)
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("instances: the server keeps state in its process"), "\(run)")
        #expect(run.text.contains("with the id of a task to instance 1 failed"), "\(run)")
    }
}
