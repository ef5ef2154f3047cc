import MCP
import Testing

@testable import Suites

/// Which instance gets a request.
struct RotationTests {
    private func instances(_ requests: [(method: String, hasCursor: Bool)], count: Int = 2) -> [Int] {
        var rotation = Rotation(count: count)
        return requests.map { rotation.next(for: Method(rawValue: $0.method), hasCursor: $0.hasCursor) }
    }

    @Test func callsTakeTurns() {
        #expect(instances(Array(repeating: ("tools/call", false), count: 5), count: 3) == [0, 1, 2, 0, 1])
    }

    /// The tester lists tools between two calls of its own accord.
    @Test func listBetweenTwoCallsDoesNotBringThemToTheSameInstance() {
        #expect(instances([("tools/call", false), ("tools/list", false), ("tools/call", false)]) == [0, 1, 1])
    }

    @Test func pagesOfAListGoToDifferentInstances() {
        #expect(
            instances([("tools/call", false), ("tools/list", false), ("tools/list", true), ("tools/list", true)])
                == [0, 1, 0, 1]
        )
    }
}
