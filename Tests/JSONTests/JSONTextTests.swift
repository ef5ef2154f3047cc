import JSON
import Testing

/// Inspecting text without a tree, compared with the tree.
struct JSONTextTests {
    @Test func partsAreSlicesOfTheSameText() throws {
        let text = try JSONText(Array(" {\"a\" : [ 1 , \"x\\n\" ] , \"\\u0062\" : null } ".utf8))
        #expect(text.kind == .object)
        #expect(text["a"]?.description == "[ 1 , \"x\\n\" ]")
        #expect(text["b"]?.kind == JSONText.Kind.null)
        #expect(text["c"] == nil)
        #expect(text.members?.map(\.key) == ["a", "b"])
        #expect(text["a"]?.elements?.map(\.description) == ["1", "\"x\\n\""])
        #expect(text["a"]?.elements?[1].string == "x\n")
        #expect(text["a"]?.elements?[0].number?.int64 == 1)
        #expect(text.elements == nil && text.string == nil && text.bool == nil && text.number == nil)
        #expect(text["a"]?.members == nil && text["a"]?["x"] == nil)
        #expect(try JSONText(Array("false".utf8)).bool == false)
    }

    @Test func lastDuplicateKeyWins() throws {
        let text = try JSONText(Array(#"{"a":1,"a":2}"#.utf8))
        #expect(text["a"]?.number?.int64 == 2)
        #expect(text.members?.count == 2)
    }

    @Test(arguments: [
        #"{"a":1,"items":[1,{"items":[2]}]}"#, #"{"items":[]}"#, #"{"items":[1],"items":[2,3]}"#,
        #"{"items":[1],"items":null}"#, #"{"it\u0065ms":[1]}"#, #" { "b" : "]" , "items" : [ 1 , "x]" ] } "#, "{}",
        "[1]", "5",
    ])
    func membersAndElementsInOnePassAreThoseOfTwo(json: String) throws {
        let text = try JSONText(Array(json.utf8))
        let both = text.members(withElementsOf: "items")
        #expect(both?.members.map(\.key) == text.members?.map(\.key))
        #expect(both?.members.map(\.text.description) == text.members?.map(\.text.description))
        let first = text.members?.first
        #expect(text.firstMember("items")?.description == (first?.key == "items" ? first?.text.description : nil))
        let elements = text.members?.last { $0.key == "items" }?.text.elements
        #expect(both?.elements?.map(\.description) == elements?.map(\.description))
    }

    @Test(arguments: 0..<200)
    func inspectingATextAgreesWithItsTree(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = JSONValue.random(depth: 5, using: &random)
        let bytes = value.spelled(using: &random)
        let text = try JSONText(bytes)
        #expect(text.value().isIdentical(to: value))
        #expect(try JSONValue(parsing: bytes).isIdentical(to: value))
        expect(text, agreesWith: value)
    }

    private func expect(_ text: JSONText, agreesWith value: JSONValue) {
        #expect(text.value().isIdentical(to: value))
        #expect(text.string == value.string)
        #expect(text.bool == value.bool)
        #expect(text.number?.literal == value.number?.literal)
        #expect((text.kind == .null) == value.isNull)
        #expect(text.members?.map(\.key) == value.object?.keys)
        for (part, member) in zip(text.members ?? [], value.object?.members ?? []) {
            expect(part.text, agreesWith: member.value)
        }
        #expect(text.elements?.count == value.array?.count)
        for (part, element) in zip(text.elements ?? [], value.array ?? []) { expect(part, agreesWith: element) }
    }

    @Test(arguments: 0..<300)
    func bothParsersAgreeOnDamagedText(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 1_000_000)
        let bytes = JSONValue.random(depth: 4, using: &random).spelled(using: &random)
        for _ in 0..<20 {
            let damaged = random.damage(bytes)
            let tree = Result { try JSONValue(parsing: damaged) }
            let text = Result { try JSONText(damaged) }
            switch (tree, text) {
            case (.success(let value), .success(let text)): #expect(text.value().isIdentical(to: value))
            case (.failure(let one), .failure(let other)): #expect("\(one)" == "\(other)")
            default: Issue.record("judged differently: \(String(decoding: damaged, as: UTF8.self))")
            }
        }
    }

    @Test func everyPrefixOfATextIsRejected() throws {
        let text = Array(#"{"a":[1.5e3,true,false,null,"\ud83d\ude00\\é"],"b":{}}"#.utf8)
        #expect(throws: Never.self) { try JSONText(text) }
        for length in 0..<text.count {
            #expect(throws: JSONError.self) { try JSONText(Array(text[..<length])) }
            #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<length])) }
        }
    }
}

/// Repair of invalid characters.
struct JSONRepairTests {
    private func repaired(_ bytes: [UInt8]) throws -> (JSONValue, [JSONError]) {
        let repair = JSONRepair(of: bytes)
        return (try JSONValue(parsing: repair.bytes), repair.faults)
    }

    @Test func invalidUTF8IsReplaced() throws {
        let (value, faults) = try repaired(
            Array("[\"a".utf8) + [0xFF, 0xC3] + Array("b\",\"".utf8) + [0x80] + Array("\"]".utf8)
        )
        #expect(value == ["a\u{FFFD}\u{FFFD}b", "\u{FFFD}"])
        #expect(faults.map(\.kind) == [.invalidUTF8, .invalidUTF8, .invalidUTF8])
        #expect(faults.map(\.offset) == [3, 4, 9])
    }

    @Test func loneSurrogatesAreReplacedAndPairsKept() throws {
        let (value, faults) = try repaired(
            Array(#"["\ud800","\ud83d\ude00","x\udc00y","\\ud800","\ud800\ud83d\ude00"]"#.utf8)
        )
        #expect(value == ["\u{FFFD}", "😀", "x\u{FFFD}y", "\\ud800", "\u{FFFD}😀"])
        #expect(faults.map(\.kind) == [.loneSurrogate, .loneSurrogate, .loneSurrogate])
    }

    @Test func validTextIsUnchanged() {
        let bytes = Array(#"{"a":"\u00e9\n😀"}"#.utf8)
        #expect(JSONRepair(of: bytes).bytes == bytes)
        #expect(JSONRepair(of: bytes).faults.isEmpty)
    }

    @Test(arguments: 0..<100)
    func repairedTextIsAlwaysUTF8(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
            Bool.random(using: &random)
                ? UInt8.random(in: 0...255, using: &random) : Array("\\ud8\"[]{},:".utf8).randomElement(using: &random)!
        }
        #expect(String(validating: JSONRepair(of: bytes).bytes, as: UTF8.self) != nil)
    }

    @Test func duplicateKeyTestFindsAllDuplicatesOfTheTree() throws {
        var random = SeededGenerator(seed: 11)
        var found = 0
        for _ in 0..<3000 {
            let text = try JSONText(JSONValue.random(depth: 4, using: &random).spelled(using: &random))
            let duplicates = text.value().duplicateKeys()
            if !duplicates.isEmpty { found += 1 }
            #expect(text.mayHaveDuplicateKeys || duplicates.isEmpty, "\(text)")
        }
        #expect(found > 50)
        let without = #"{"a":{"b":[{"c":1},{"c":2}],"a":"{\"a\":1,\"a\":2}"},"ab":1,"b":[[]]}"#
        #expect(try JSONText(Array(without.utf8)).mayHaveDuplicateKeys == false)
        let with = #"{"a":{"b":[{"c":1},{"c":2,"d":3,"c":4}]}}"#
        #expect(try JSONText(Array(with.utf8)).mayHaveDuplicateKeys)
        // Names of the same length with the same first and last character are compared.
        let alike = #"{"abc":1,"acc":{"adc":2,"aec":3},"afc":4}"#
        #expect(try JSONText(Array(alike.utf8)).mayHaveDuplicateKeys == false)
        let repeated = #"{"abc":1,"acc":{"adc":2},"abc":4}"#
        #expect(try JSONText(Array(repeated.utf8)).mayHaveDuplicateKeys)
    }
}
