import JSON
import Testing

@testable import Suites

/// What a snapshot omits.
struct SnapshotExceptionTests {
    private static let result: JSONValue = [
        "content": [["type": "text", "text": #"{"id": 7, "unit": "C"}"#]],
        "structuredContent": ["id": 7, "unit": "C", "items": [["id": 1, "name": "a"], ["id": 2, "name": "b"]]],
    ]

    private static func paths(_ texts: String) throws -> [SuitePath] {
        let steps = "- call: x\n  expect: {snapshot: {except: [\(texts)]}}"
        return try SuiteText.suite(SuiteText.withSteps(steps)).cases[0].steps[0].expect.snapshotExceptions
    }

    @Test func placeIsOmittedFromTheStructuredContentAndOfTheTextThatRepeatsIt() throws {
        let rest = Self.result.omitting(try Self.paths("/structuredContent/id"))
        #expect(rest["structuredContent"]?["id"] == nil && rest["structuredContent"]?["unit"] == "C", "\(rest)")
        #expect(rest["content"]?[0]?["text"] == #"{"unit":"C"}"#, "\(rest)")
    }

    @Test func queryOmitsEveryMatch() throws {
        let rest = Self.result.omitting(try Self.paths("'$.structuredContent.items[*].id'"))
        #expect(rest["structuredContent"]?["items"] == [["name": "a"], ["name": "b"]], "\(rest)")
        #expect(rest["structuredContent"]?["id"] == 7, "\(rest)")
    }

    @Test func placeThatIsNotThereChangesNothing() throws {
        #expect(Self.result.omitting(try Self.paths("/structuredContent/no/where")) == Self.result)
    }

    @Test func pathMustBeginAsOne() {
        let problems = SuiteText.problems(SuiteText.withSteps("- call: x\n  expect: {snapshot: {except: [id]}}"))
        #expect(problems.contains { $0.contains("Did you mean `/id`?") }, "\(problems)")
    }
}
