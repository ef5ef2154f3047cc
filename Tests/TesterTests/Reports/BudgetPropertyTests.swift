import JSON
import TestSupport
import Testing

@testable import Tester

/// Whatever a report contains, its text stays within bounds and loses nothing small.
@Suite(.timeLimit(.minutes(15)))
struct BudgetPropertyTests {
    /// Beyond its budget a text has what is ours, and enough to see what was cut.
    private static let allowance = 6000

    /// Random values of many shapes: long texts, long lists, objects with many members, deep nesting.
    private struct Shapes {
        var random: SplitMix

        mutating func value(_ depth: Int) -> JSONValue {
            switch Int.random(in: 0..<(depth > 0 ? 9 : 4), using: &random) {
            case 0: return JSONValue(Int.random(in: -1000...1_000_000, using: &random))
            case 1: return .string(text(upTo: 20))
            case 2: return .string(text(upTo: 300))
            case 3: return .string(text(upTo: 900))
            case 4: return array(upTo: 5, depth)
            case 5: return array(upTo: 60, 0)
            case 6: return object(upTo: 5, depth)
            case 7: return object(upTo: 60, 0)
            default: return nested(Int.random(in: 1...25, using: &random))
            }
        }

        private mutating func text(upTo count: Int) -> String {
            let piece = ["x", "ü", "€", "😀", "\\", "\"", "\n", "word "].randomElement(using: &random) ?? ""
            return String(repeating: piece, count: Int.random(in: 0...count, using: &random))
        }

        private mutating func array(upTo count: Int, _ depth: Int) -> JSONValue {
            .array((0..<Int.random(in: 0...count, using: &random)).map { _ in value(max(depth - 1, 0)) })
        }

        private mutating func object(upTo count: Int, _ depth: Int) -> JSONValue {
            .object(
                JSONObject(
                    (0..<Int.random(in: 0...count, using: &random)).map {
                        .init(key: "k\($0)", value: value(depth - 1))
                    }
                )
            )
        }

        private mutating func nested(_ depth: Int) -> JSONValue {
            (0..<depth).reduce(value(0)) { inner, level in
                level.isMultiple(of: 2) ? .array([inner, value(0)]) : ["inner": inner, "beside": value(0)]
            }
        }

        mutating func report() -> Report {
            var report = Report(.pass, "a report")
            for index in 0..<Int.random(in: 1...6, using: &random) {
                let value = value(2)
                let part: Report.Part =
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: .value(value)
                    case 1: .forms(text: JSONText(value), structured: JSONText(value))
                    case 2: .list((value.array ?? [value]).map { .payload(JSONText($0)) })
                    default: .payload(JSONText(value))
                    }
                report.add("member\(index)", part)
            }
            return report
        }
    }

    /// A seeded generator, so that a failure can be reproduced.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test("Shortening never makes a text longer, keeps it near its budget, and cuts no member under 200 bytes")
    func textIsBounded() throws {
        for seed in 0..<30 {
            var shapes = Shapes(random: SplitMix(state: UInt64(seed)))
            let report = shapes.report()
            let whole = report.structured
            for tokens in [0, 100, 1500] {
                let rendered = report.rendered(ReportView(tokens: tokens, structure: .bounded)) { _ in "@1" }
                for text in [rendered.text, rendered.structured] {
                    let size = text.bytes.count
                    #expect(size <= whole.bytes.count, "seed \(seed), \(tokens) tokens")
                    #expect(size <= 4 * tokens + Self.allowance, "seed \(seed), \(tokens) tokens: \(size)")
                    let value = try JSONValue(parsing: Array(text.bytes))
                    #expect(
                        value["more"] != nil || Array(text.bytes) == Array(whole.bytes),
                        "seed \(seed), \(tokens) tokens"
                    )
                    expectSmallMembers(of: value, in: try JSONValue(parsing: Array(whole.bytes)), "seed \(seed)")
                }
            }
        }
    }

    /// Every member that is shown and was small is as it was.
    private func expectSmallMembers(of cut: JSONValue, in whole: JSONValue, _ comment: String) {
        if whole.description.utf8.count <= 200 {
            #expect(cut == whole, "\(comment): \(cut) instead of \(whole)")
        } else if let cut = cut.object, let whole = whole.object {
            for member in cut.members {
                guard let original = whole[member.key] else { continue }
                expectSmallMembers(of: member.value, in: original, comment)
            }
        } else if let cut = cut.array, let whole = whole.array {
            for (one, other) in zip(cut, whole) where one["omitted"] == nil {
                expectSmallMembers(of: one, in: other, comment)
            }
        }
    }

    @Test("an object with a few small members keeps all of them, however small the budget is")
    func smallMembersStay() throws {
        let small = (0..<10).map {
            JSONObject.Member(key: "small\($0)", value: .string(String(repeating: "s", count: 100)))
        }
        let long = JSONObject.Member(key: "long", value: .string(String(repeating: "x", count: 9000)))
        var report = Report(.pass, "a report")
        report.add("payload", .payload(JSONText(.object(JSONObject([long] + small)))))
        let text = report.rendered(ReportView(tokens: 0)) { _ in "@1" }.text.value()
        #expect(text["payload"]?.object?.keys == ["long"] + small.map(\.key), "\(text)")
        for member in small { #expect(text["payload"]?[member.key] == member.value) }
    }

    @Test("an object with thousands of small members, and thousands of long ones, is bounded and says what it lacks")
    func manyMembersAreBounded() throws {
        for length in [1, 300] {
            let value = JSONValue.string(String(repeating: "v", count: length))
            let members = (0..<5000).map { JSONObject.Member(key: "key-\($0)", value: value) }
            var report = Report(.pass, "a report")
            report.add("payload", .payload(JSONText(.object(JSONObject(members)))))
            let text = report.rendered(ReportView()) { _ in "@1" }.text
            #expect(text.bytes.count <= 9000, "\(text.bytes.count)")
            let shown = try #require(text.value()["payload"]?.object)
            #expect(shown.keys.first == "key-0")
            #expect(shown["…"]?.string == "\(5000 - (shown.count - 1)) of 5000 members omitted")
        }
    }
}
