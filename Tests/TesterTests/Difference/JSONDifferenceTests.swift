import JSON
import Testing

@testable import Tester

/// The one algorithm that compares results, surfaces and runs.
struct JSONDifferenceTests {
    private func difference(_ old: String, _ new: String) throws -> JSONDifference {
        JSONDifference(from: try JSONValue(parsing: old), to: try JSONValue(parsing: new))
    }

    private func lines(_ entries: [JSONDifference.Entry]) -> [String] {
        entries.map { "\($0.kind) \($0.pointer)\($0.within.map { " within \($0)" } ?? "")" }
    }

    @Test(arguments: [
        (#"{"a": 1, "b": [1, 2]}"#, #"{"b": [1, 2.0], "a": 1e0}"#), ("[]", "[]"), ("null", "null"),
        (#"{"a": 1, "a": 2}"#, #"{"a": 2}"#), (#""{\"a\": 1}""#, #""{\"a\": 1}""#),
    ])
    func equalValuesHaveNoDifference(old: String, new: String) throws {
        let difference = try difference(old, new)
        #expect(difference.isEmpty && difference.volatile.isEmpty)
        #expect(difference.description == "no difference")
    }

    @Test
    func addedRemovedAndChangedMembersAreFoundAtTheirPointers() throws {
        let found = try difference(
            #"{"keep": true, "gone": 1, "a/b": {"x": 1, "y": "1"}}"#,
            #"{"keep": true, "a/b": {"x": 2, "y": 1}, "new": null}"#
        )
        #expect(lines(found.entries) == ["removed /gone", "changed /a~1b/x", "changed /a~1b/y", "added /new"])
        #expect(found.entries[1].old == 1 && found.entries[1].new == 2)
        #expect(found.entries[0].old == 1 && found.entries[0].new == nil)
        #expect(found.entries[3].old == nil && found.entries[3].new == .some(.null))
        #expect(found.description == "1 added, 1 removed, 2 changed")
    }

    @Test
    func changedTypeIsOneChange() throws {
        let found = try difference(#"{"a": {"b": 1}}"#, #"{"a": [1]}"#)
        #expect(lines(found.entries) == ["changed /a"])
    }

    @Test
    func objectsWithNamesAreComparedWithTheirNamesake() throws {
        let found = try difference(
            #"[{"name": "a", "v": 1}, {"name": "b", "v": 1}, {"name": "c"}]"#,
            #"[{"name": "b", "v": 2}, {"name": "d"}, {"name": "a", "v": 1}]"#
        )
        #expect(lines(found.entries) == ["changed /0/v", "removed /2", "added /1", "reordered "])
        #expect(found.entries[3].old == ["a", "b"] && found.entries[3].new == ["b", "a"])
    }

    @Test
    func insertedElementIsOneAddition() throws {
        let found = try difference("[1, 2, 3, 4]", "[1, 9, 2, 3, 4]")
        #expect(lines(found.entries) == ["added /1"])
        #expect(lines(try difference("[1, 2, 3, 4]", "[2, 3, 4]").entries) == ["removed /0"])
        #expect(lines(try difference("[1, 2, 3]", "[1, 5, 3, 4]").entries) == ["changed /1", "added /3"])
    }

    @Test
    func sameElementsInAnotherOrderAreReordered() throws {
        let found = try difference(#"["a", "b", "a"]"#, #"["a", "a", "b"]"#)
        #expect(lines(found.entries) == ["reordered "])
    }

    @Test(arguments: [
        (#"{"at": "2026-11-29T12:42:21Z"}"#, #"{"at": "2026-11-29T12:43:00.123+01:00"}"#, Volatility.timestamp),
        (#"{"created_at": 1764420141}"#, #"{"created_at": 1764420999}"#, .timestamp),
        (#"{"x": "123e4567-e89b-12d3-a456-426614174000"}"#, #"{"x": "923e4567-e89b-12d3-a456-42661417400f"}"#, .uuid),
        (#"{"duration_ms": 1.5}"#, #"{"duration_ms": 12}"#, .duration),
        (#"{"request_time_ms": 1.5}"#, #"{"request_time_ms": 12}"#, .duration),
        (#"{"note": "took 12 ms"}"#, #"{"note": "took 9.5 ms"}"#, .duration),
        (#"{"requestId": "abc"}"#, #"{"requestId": "abd"}"#, .identifier),
        (#"["req_011CQabc"]"#, #"["req_022XYdef"]"#, .identifier),
        (#"["<Server object at 0x7f3a5c001200>"]"#, #"["<Server object at 0x7f3a5c00ffff>"]"#, .address),
    ])
    func valuesThatDifferInEveryRunAreListedApart(old: String, new: String, kind: Volatility) throws {
        let found = try difference(old, new)
        #expect(found.isEmpty)
        #expect(found.volatile.map(\.volatility) == [kind])
        #expect(
            !JSONDifference(from: try JSONValue(parsing: old), to: try JSONValue(parsing: new), options: strict).isEmpty
        )
    }

    /// Whatever their name: the present is 1796059738.
    @Test(arguments: [
        (#"{"created": 1796059720.75}"#, #"{"created": 1796059738.27}"#),
        (#"{"x": 1764420141}"#, #"{"x": 1796059700}"#),
        (#"{"x": 1796059720750}"#, #"{"x": 1796059738270}"#), (#"[1796059720750000]"#, #"[1796059738270000]"#),
    ])
    func numbersCloseToThePresentAreTimes(old: String, new: String) throws {
        var options = JSONDifference.Options()
        options.now = 1_796_059_738
        let (old, new) = (try JSONValue(parsing: old), try JSONValue(parsing: new))
        let found = JSONDifference(from: old, to: new, options: options)
        #expect(found.isEmpty && found.volatile.map(\.volatility) == [.timestamp])
        // Not on another day.
        options.now += 200_000
        #expect(!JSONDifference(from: old, to: new, options: options).isEmpty)
    }

    @Test(arguments: [(#"{"x": 12}"#, #"{"x": 1796059738}"#), (#"{"x": 1796059738}"#, #"{"x": 1}"#)])
    func onlyTwoTimesAreExpectedToDiffer(old: String, new: String) throws {
        var options = JSONDifference.Options()
        options.now = 1_796_059_738
        #expect(
            !JSONDifference(from: try JSONValue(parsing: old), to: try JSONValue(parsing: new), options: options)
                .isEmpty
        )
    }

    private var strict: JSONDifference.Options {
        var options = JSONDifference.Options()
        options.recognizesVolatileValues = false
        return options
    }

    @Test(arguments: [
        // On one side only.
        (#"{"at": "2026-11-29T12:42:21Z"}"#, #"{"at": "never"}"#),
        (#"{"x": "123e4567-e89b-12d3-a456-426614174000"}"#, #"{"x": "none"}"#),
        // The rest of the text differs, too.
        (#"["failed after 12 ms"]"#, #"["passed after 13 ms"]"#),
        // Settings and digests are not measurements.
        (#"{"ttlMs": 1000}"#, #"{"ttlMs": 2000}"#), (#"["retry in 5 seconds"]"#, #"["retry in 6 seconds"]"#),
        (#"{"timeout_seconds": 5}"#, #"{"timeout_seconds": 6}"#), (#"{"id": 1764420141}"#, #"{"id": 1764420142}"#),
        (#"{"price": 1764420141}"#, #"{"price": 1764420142}"#),
        (#"{"digest": "sha256:00ff00ff00ff"}"#, #"{"digest": "sha256:00ff00ff00aa"}"#), (#"["1.2.3"]"#, #"["1.2.4"]"#),
        (#"{"temperature": 12.5}"#, #"{"temperature": 13.5}"#), (#"{"format": 1}"#, #"{"format": 2}"#),
    ])
    func otherValuesAreRealDifferences(old: String, new: String) throws {
        let found = try difference(old, new)
        #expect(found.entries.count == 1 && found.volatile.isEmpty)
    }

    @Test
    func volatileValuesDoNotPreventThatElementsAreRecognized() throws {
        let found = try difference(
            #"[{"at": "2026-11-29T12:42:21Z", "v": 1}, {"at": "2026-11-29T12:42:22Z", "v": 2}]"#,
            #"[{"v": 0}, {"at": "2026-11-29T13:00:00Z", "v": 1}, {"at": "2026-11-29T13:00:01Z", "v": 2}]"#
        )
        #expect(lines(found.entries) == ["added /0"])
        #expect(lines(found.volatile) == ["changed /1/at", "changed /2/at"])
    }

    @Test
    func jsonInTextIsComparedAsJSON() throws {
        let found = try difference(
            #"{"content": [{"type": "text", "text": "{\"a\": 1, \"elapsed\": 3}"}]}"#,
            #"{"content": [{"type": "text", "text": "{\"elapsed\": 4, \"a\": 2}"}]}"#
        )
        #expect(lines(found.entries) == ["changed /content/0/text within /a"])
        #expect(lines(found.volatile) == ["changed /content/0/text within /elapsed"])
    }

    @Test
    func longStringsAreShownAroundTheirDifference() throws {
        let old = JSONValue.string(String(repeating: "x", count: 5000) + "old" + String(repeating: "y", count: 5000))
        let new = JSONValue.string(String(repeating: "x", count: 5000) + "new" + String(repeating: "y", count: 5000))
        let json = try #require(JSONDifference(from: old, to: new).entries.first).json(stringLimit: 100)
        let text = try #require(json["old"]?.string)
        #expect(text.hasPrefix("…") && text.contains("xoldy") && text.hasSuffix("…") && text.utf8.count < 120)
        #expect(json["new"]?.string?.contains("xnewy") == true)
        #expect(json["at"] == "")
    }

    @Test
    func differencesBeyondTheLimitAreCounted() throws {
        var options = JSONDifference.Options()
        options.limit = 3
        let found = JSONDifference(
            from: .array((0..<10).map { JSONValue($0) }),
            to: .array((0..<10).map { JSONValue($0 + 100) }),
            options: options
        )
        #expect(found.entries.count == 3 && found.omitted == 7 && !found.isEmpty)
        #expect(found.description == "3 changed, 7 more")
    }

    @Test
    func longArraysWithoutIdentityAreComparedByPosition() {
        let old = (0..<3000).map { JSONValue($0) }
        let new = (0..<3000).map { JSONValue($0 * 2) }
        let found = JSONDifference(from: .array(old), to: .array(new))
        #expect(found.entries.count == 1000 && found.omitted == 1999)
    }
}
