import JSON

/// A seeded generator, so that a failure can be reproduced.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    // SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int.random(in: choices.indices, using: &self)]
    }

    /// Cuts, overwrites, duplicates or inserts a few bytes.
    mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...3, using: &self) where !damaged.isEmpty {
            let place = Int.random(in: damaged.indices, using: &self)
            let byte = pick(Array("{}[]\",:\\u0-1eE. \n\u{1}tfn".utf8) + [0xFF, 0xC3, 0xE2])
            switch Int.random(in: 0..<4, using: &self) {
            case 0: damaged.removeSubrange(place...)
            case 1: damaged[place] = byte
            case 2: damaged.insert(byte, at: place)
            default: damaged.remove(at: place)
            }
        }
        return damaged
    }
}

extension JSONValue {
    static func random(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2:
            return JSONValue(
                Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<63, using: &random)
            )
        case 3:
            let literals = ["-0", "1.0", "1E400", "12345678901234567890", "-1e-7", "0.1", "9007199254740993", "1e+5"]
            return .number(random.pick(literals.compactMap(JSONNumber.init(literal:))))
        case 4: return .string(.random(using: &random))
        case 5:
            return .array(
                (0..<Int.random(in: 0...5, using: &random)).map { _ in .random(depth: depth - 1, using: &random) }
            )
        default:
            let members = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                JSONObject.Member(key: .random(using: &random), value: .random(depth: depth - 1, using: &random))
            }
            return .object(JSONObject(members))
        }
    }

    /// The value as text, with random white space and needless escapes.
    func spelled(using random: inout SeededGenerator) -> [UInt8] {
        func space() -> String { random.pick(["", "", " ", "\n", "\t \r\n"]) }
        func quoted(_ text: String) -> String {
            let plain = JSONValue.string(text).description
            guard Bool.random(using: &random) else { return plain }
            return "\"" + text.utf16.map { "\\u" + String(0x10000 + Int($0), radix: 16).dropFirst() }.joined() + "\""
        }
        func spell(_ value: JSONValue) -> String {
            switch value {
            case .string(let text): return quoted(text)
            case .array(let elements):
                return "[" + space() + elements.map { spell($0) + space() }.joined(separator: "," + space()) + "]"
            case .object(let object):
                let members = object.members.map {
                    quoted($0.key) + space() + ":" + space() + spell($0.value) + space()
                }
                return "{" + space() + members.joined(separator: ",") + "}"
            default: return value.description
            }
        }
        return Array((space() + spell(self) + space()).utf8)
    }
}

extension String {
    static func random(using random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "key", "\"", "\\", "\n", "é", "e\u{301}", "😀", "\u{0}", "\u{2028}", "/",
            " long enough to leave the small form",
        ]
        return (0..<Int.random(in: 0...4, using: &random)).map { _ in random.pick(pieces) }.joined()
    }
}
