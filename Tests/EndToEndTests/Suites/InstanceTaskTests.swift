import TestSupport
import Testing

/// Tools that run as tasks, and `instances: 2` with tasks that the demo server keeps in its process.
@Suite(.timeLimit(.minutes(15)))
struct InstanceTaskTests {
    @Test(arguments: ["modern", "2025-11-25"])
    func toolRunsAsATask(_ protocol: String) async throws {
        let steps = ["{call: slow_compute, task: true, args: {seconds: 0.2, label: x}, expect: {text: {contains: x}}}"]
        let server = "{command: ['\(Product.path)', demo, --fixtures], protocol: '\(`protocol`)'}"
        let (run, _) = try await SuiteRunTests.run(SuiteRunTests.suite(steps, server: server))
        #expect(run.code == 0, "\(run)")
    }

    @Test func toolThatCreatesNoTaskFails() async throws {
        let steps = ["{call: echo, task: true, args: {message: x}}"]
        let (run, _) = try await SuiteRunTests.run(SuiteRunTests.suite(steps))
        #expect(run.code == 1 && run.text.contains("the server did not create a task"), "\(run)")
    }

    @Test func taskThatOnlyOneProcessKnowsIsFound() async throws {
        let text = SuiteRunTests.suite(
            ["{call: slow_compute, task: true, args: {seconds: 0.2, label: x}}"],
            server: "{command: ['\(Product.path)', demo, --fixtures], instances: 2}"
        )
        let (run, _) = try await SuiteRunTests.run(text)
        #expect(run.code == 1, "\(run)")
        #expect(run.text.contains("instances: the server keeps state in its process"), "\(run)")
        #expect(run.text.contains("with the id of a task to instance 1 failed"), "\(run)")
    }
}
