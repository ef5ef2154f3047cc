import JSON
import Testing

@testable import Suites

/// What a saved case expects of what was observed.
struct ObservedExpectationTests {
    private let expectation = ObservedExpectation(isSecret: { _ in false }, now: 1_796_059_630)

    @Test func numberCloseToThePresentIsExpectedByItsType() throws {
        let result = try JSONValue(
            parsing: #"""
                {"structuredContent": {"created": 1796059630.726268, "int": 1796060420, "ms": 1796059630726, "old": 1764420141}}
                """#
        )
        #expect(
            expectation.lines(for: result, second: nil, .tool) == [
                "json:", "  /created: {type: number}", "  /int: {type: integer}", "  /ms: {type: integer}",
                "  /old: 1764420141",
            ]
        )
    }

    @Test func textWithANumberCloseToThePresentIsExpectedByItsType() {
        func lines(_ text: String) -> [String] {
            let content: JSONValue = [["type": "text", "text": .string(text)]]
            return expectation.lines(for: ["content": content], second: nil, .tool)
        }
        #expect(lines("created at 1796059630.7.") == ["text: {type: string}"])
        #expect(lines("order 1764420141") == ["text: order 1764420141"])
    }
}
