import JSON
import TestSupport
import Testing

extension RealPeers {
    /// `instances: 2`: whether a server keeps state in its process, with a server of the official SDK.
    @Suite(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
    struct InstanceTests {
        /// Runs one case on two processes.
        private func run(
            _ steps: [String],
            shared: TemporaryFolder? = nil,
            _ more: [String] = []
        ) async throws -> Run {
            var words = [TestPeers.mcp2.python, TestPeers.script("servers/mcp2_instances.py")]
            if let shared { words += ["--shared", shared.path] }
            let command = "[\(words.map { "'\($0)'" }.joined(separator: ", "))]"
            let text = SuiteRunTests.suite(steps, server: "{command: \(command), instances: 2}", more)
            return try await SuiteRunTests.run(text).run
        }

        private static let remembering = [
            "{call: remember, args: {name: a, value: b}}",
            "{call: recall, args: {name: a}, expect: {text: b}}",
        ]
        private static let asking = ["client: {answers: [{action: accept, content: {name: Ada}}]}"]

        @Test func stateInAProcessIsFoundAndTheRequestNamed() async throws {
            let run = try await run(Self.remembering)
            #expect(run.code == 1, "\(run)")
            #expect(run.text.contains("instances: the server keeps state in its process"), "\(run)")
            #expect(run.text.contains("tools/call \"recall\" to instance 1 failed"), "\(run)")
            #expect(run.text.contains("before it: tools/call \"remember\" to instance 2"), "\(run)")
        }

        @Test func requestStateThatOnlyOneProcessCanReadIsFound() async throws {
            let run = try await run(["{call: who, expect: {text: accept Ada}}"], Self.asking)
            #expect(run.code == 1, "\(run)")
            #expect(run.text.contains("tools/call \"who\" with requestState to instance 1 failed"), "\(run)")
        }

        @Test func subscriptionThatMissesTheChangeOfAnotherProcessIsFound() async throws {
            let run = try await run([
                "{subscribe: {resources: ['memo://x']}}", "{call: touch}", "{wait: resource_updated, timeout: 2s}",
            ])
            #expect(run.code == 1, "\(run)")
            #expect(run.text.contains("a subscription of instance 2 missed what instance 1 did"), "\(run)")
        }

        @Test func serverThatKeepsNoStatePasses() async throws {
            let folder = try TemporaryFolder()
            let run = try await run(
                Self.remembering + ["{call: who, expect: {text: accept Ada}}"] + Self.remembering,
                shared: folder,
                Self.asking
            )
            #expect(run.code == 0, "\(run)")
            #expect(run.text.contains("no state is kept: "), "\(run)")
            #expect(run.text.contains(" requests on 2 of 2 instances"), "\(run)")
        }

        @Test func failureThatHasNothingToDoWithStateIsNotBlamedOnIt() async throws {
            let run = try await run(["{call: recall, args: {name: nowhere}}"])
            #expect(run.code == 1, "\(run)")
            #expect(!run.text.contains("keeps state"), "\(run)")
            #expect(run.text.contains("note: With one instance the case does not pass either."), "\(run)")
        }
    }
}

/// What a suite with instances must not ask for.
struct InstanceFormatTests {
    @Test(
        arguments: [
            ("{url: 'http://localhost:1/mcp', instances: 2}", "a URL is one address"),
            ("{command: [x], protocol: legacy, instances: 2}", "`instances` needs the stateless era"),
            ("{command: [x], instances: 9}", "an integer from 1 to 8"),
        ]
    )
    func impossibleInstancesAreAMistake(_ server: String, _ message: String) async throws {
        let text = SuiteRunTests.suite(["{call: x}"], server: server)
        let (run, _) = try await SuiteRunTests.run(text)
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains(message), "\(run)")
    }
}
