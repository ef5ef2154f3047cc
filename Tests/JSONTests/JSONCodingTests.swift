import Foundation
import JSON
import Testing

/// Types of Swift from trees and back.
struct JSONCodingTests {
    private struct Tool: Codable, Equatable {
        struct Limits: Codable, Equatable {
            var low: Int
            var high: Double?
        }
        var name: String
        var isOn: Bool
        var tags: [String]
        var limits: Limits
        var byName: [String: Int8]
        var note: String?
        var raw: JSONValue
    }

    private let value: JSONValue = [
        "name": "x", "isOn": true, "tags": ["a", "b"], "limits": ["low": -3, "high": 0.5], "byName": ["k": 7],
        "raw": ["z": 1, "a": [nil, "s"]],
    ]

    @Test func aTypeIsReadAndWrittenBack() throws {
        let tool = try JSONValueDecoder().decode(Tool.self, from: value)
        #expect(
            tool
                == Tool(
                    name: "x",
                    isOn: true,
                    tags: ["a", "b"],
                    limits: .init(low: -3, high: 0.5),
                    byName: ["k": 7],
                    note: nil,
                    raw: ["z": 1, "a": [nil, "s"]]
                )
        )
        let written = try JSONValueEncoder().encode(tool)
        #expect(written.isIdentical(to: value))
    }

    @Test func membersStandInTheOrderInWhichTheyWereEncoded() throws {
        struct Backwards: Encodable {
            enum CodingKeys: String, CodingKey { case z, m, a }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(1, forKey: .z)
                var nested = container.nestedContainer(keyedBy: CodingKeys.self, forKey: .m)
                try container.encode(3, forKey: .a)
                try nested.encode("late", forKey: .a)
                try container.encode(4, forKey: .z)
            }
        }
        #expect(try JSONValueEncoder().encode(Backwards()).description == #"{"z":4,"m":{"a":"late"},"a":3}"#)
    }

    @Test func typesThatStandForJSONPassThroughExactly() throws {
        struct Envelope: Codable {
            var value: JSONValue
            var object: JSONObject
            var number: JSONNumber
            var text: JSONText
            var list: [JSONValue]
        }
        let text =
            #"{"value":{"b":1.0,"a":1E400,"b":-0},"object":{"y":1,"x":2},"number":12345678901234567890,"text":[1.50,{}],"#
            + #""list":[1e0,null]}"#
        let envelope = try JSONValueDecoder().decode(Envelope.self, from: JSONValue(parsing: text))
        #expect(envelope.text.description == "[1.50,{}]")
        #expect(envelope.number.literal == "12345678901234567890")
        #expect(try JSONValueEncoder().encode(envelope).description == text)
        #expect(try JSONValueDecoder().decode(JSONValue.self, from: 1) == 1)
        #expect(try JSONValueEncoder().encode(JSONValue.null) == .null)
    }

    @Test(
        arguments: [
            (["isOn": true], JSONCodingError.Kind.missingMember("name"), "", "the value lacks the member \"name\""),
            (
                ["name": 1], .wrongType(expected: "string", found: "number"), "/name",
                "the value at /name is of type number"
            ),
            (["name": nil], .wrongType(expected: "string", found: "null"), "/name", "null"),
            ([1], .wrongType(expected: "object", found: "array"), "", "the value is of type array"),
        ] as [(JSONValue, JSONCodingError.Kind, String, String)]
    )
    func aFaultIsNamedWithItsPlace(value: JSONValue, kind: JSONCodingError.Kind, pointer: String, words: String) throws
    {
        let found = try #require(throws: JSONCodingError.self) { try JSONValueDecoder().decode(Tool.self, from: value) }
        #expect(found.kind == kind)
        #expect(found.pointer.description == pointer)
        #expect(found.description.contains(words))
    }

    @Test(
        arguments: [
            ("limits", ["low": 1.5], .notIntegral(literal: "1.5", type: "Int"), "/limits/low"),
            ("limits", ["low": "1"], .wrongType(expected: "number", found: "string"), "/limits/low"),
            ("byName", ["a/b": 300], .outOfRange(literal: "300", type: "Int8"), "/byName/a~1b"),
            ("tags", ["a", 1], .wrongType(expected: "string", found: "number"), "/tags/1"),
            ("limits", [:], .missingMember("low"), "/limits"),
        ] as [(String, JSONValue, JSONCodingError.Kind, String)]
    )
    func aFaultDeepInsideHasItsWholePointer(key: String, part: JSONValue, kind: JSONCodingError.Kind, pointer: String)
        throws
    {
        var object = try #require(value.object)
        object[key] = part
        let found = try #require(throws: JSONCodingError.self) {
            try JSONValueDecoder().decode(Tool.self, from: .object(object))
        }
        #expect(found.kind == kind)
        #expect(found.pointer.description == pointer)
    }

    @Test func numbersAreReadWhereTheyFitExactly() throws {
        func read<Number: Decodable>(_ type: Number.Type, _ literal: String) throws -> Number {
            try JSONValueDecoder().decode(type, from: JSONValue(parsing: literal))
        }
        #expect(try read(Int.self, "1.0") == 1)
        #expect(try read(Int.self, "1e3") == 1000)
        #expect(try read(Int8.self, "-128") == -128)
        #expect(try read(UInt64.self, "18446744073709551615") == .max)
        #expect(try read(Int128.self, "-170141183460469231731687303715884105728") == .min)
        #expect(try read(UInt128.self, "1e38") == 100_000_000_000_000_000_000_000_000_000_000_000_000)
        #expect(try read(Double.self, "0.1") == 0.1)
        #expect(try read(Float.self, "0.1") == 0.1)
        #expect(throws: JSONCodingError.self) { try read(UInt.self, "-1") }
        #expect(throws: JSONCodingError.self) { try read(Int64.self, "9223372036854775808") }
        #expect(throws: JSONCodingError.self) { try read(Int.self, "1e99999999999") }
        #expect(throws: JSONCodingError.self) { try read(Double.self, "1E400") }
        #expect(throws: JSONCodingError.self) { try read(Int.self, "true") }
    }

    @Test func numbersThatJSONHasNoWordForAreRefused() throws {
        let found = try #require(throws: JSONCodingError.self) {
            try JSONValueEncoder().encode(["a": [1, Double.nan]])
        }
        #expect(found.pointer.description == "/a/1")
        #expect(found.description.contains("nan"))
        #expect(try JSONValueEncoder().encode([UInt64.max]).description == "[18446744073709551615]")
        #expect(try JSONValueEncoder().encode([0.1, 2.0]).description == "[0.1,2.0]")
    }

    @Test func errorsOfTheTypeItselfGetTheirPlace() throws {
        enum Colour: String, Codable { case red }
        let found = try #require(throws: JSONCodingError.self) {
            try JSONValueDecoder().decode([String: [Colour]].self, from: ["c": ["red", "blue"]])
        }
        #expect(found.pointer.description == "/c/1")
        struct Refusal: Error {}
        struct Picky: Codable {
            init() {}
            init(from decoder: any Decoder) throws { throw Refusal() }
            func encode(to encoder: any Encoder) throws { throw Refusal() }
        }
        let refused = try #require(throws: JSONCodingError.self) {
            try JSONValueDecoder().decode([Picky].self, from: [1])
        }
        #expect(refused.pointer.description == "/0")
        #expect(throws: JSONCodingError.self) { try JSONValueEncoder().encode([Picky()]) }
    }

    @Test func classesAndTheirSuperclassesAreCoded() throws {
        class Base: Codable { var a = 1 }
        final class Derived: Base {
            enum CodingKeys: String, CodingKey { case b }
            var b = 2
            override init() { super.init() }
            required init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                b = try container.decode(Int.self, forKey: .b)
                try super.init(from: container.superDecoder())
            }
            override func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(b, forKey: .b)
                try super.encode(to: container.superEncoder())
            }
        }
        let value = try JSONValueEncoder().encode(Derived())
        #expect(value.description == #"{"b":2,"super":{"a":1}}"#)
        let read = try JSONValueDecoder().decode(Derived.self, from: ["b": 5, "super": ["a": 6]])
        #expect(read.a == 6 && read.b == 5)
    }

    @Test func arraysOfMixedValuesAreCodedInOrder() throws {
        struct Mixed: Codable, Equatable {
            var number = 0
            var isNull = false
            var inner: [Bool] = []
            var name = ""
            init() {}
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                number = try container.decode(Int.self)
                isNull = try container.decodeNil()
                var nested = try container.nestedUnkeyedContainer()
                while !nested.isAtEnd { inner.append(try nested.decode(Bool.self)) }
                name = try container.nestedContainer(keyedBy: Key.self).decode(String.self, forKey: .name)
                if !container.isAtEnd { _ = try container.decode(Int.self) }
            }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                try container.encode(number)
                try container.encodeNil()
                var nested = container.nestedUnkeyedContainer()
                for value in inner { try nested.encode(value) }
                var object = container.nestedContainer(keyedBy: Key.self)
                try object.encode(name, forKey: .name)
            }
            enum Key: String, CodingKey { case name }
        }
        let value: JSONValue = [7, nil, [true, false], ["name": "n"]]
        let mixed = try JSONValueDecoder().decode(Mixed.self, from: value)
        #expect(mixed.inner == [true, false] && mixed.isNull && mixed.name == "n")
        #expect(try JSONValueEncoder().encode(mixed) == value)
        let short = try #require(throws: JSONCodingError.self) {
            try JSONValueDecoder().decode(Mixed.self, from: [7, nil])
        }
        #expect(short.kind == .noMoreElements(count: 2))
    }

    @Test func singleValuesAndEmptyTypesAreCoded() throws {
        enum Level: Int, Codable { case low = 1 }
        struct Empty: Codable {}
        #expect(try JSONValueEncoder().encode([Level.low]) == [1])
        #expect(try JSONValueDecoder().decode(Level.self, from: 1) == .low)
        #expect(try JSONValueEncoder().encode(Empty()) == [:])
        #expect(try JSONValueEncoder().encode([Empty()]) == [[:]])
        #expect(try JSONValueDecoder().decode(Int?.self, from: nil) == nil)
        #expect(try JSONValueDecoder().decode([Int?].self, from: [1, nil]) == [1, nil])
        #expect(try JSONValueEncoder().encode([1, nil] as [Int?]) == [1, nil])
    }

    @Test func userInfoReachesTheType() throws {
        struct Reader: Codable {
            static let key = CodingUserInfoKey(rawValue: "k")!
            var found: String
            init(from decoder: any Decoder) throws { found = decoder.userInfo[Self.key] as? String ?? "" }
        }
        let decoder = JSONValueDecoder(userInfo: [Reader.key: "here"])
        #expect(try decoder.decode([Reader].self, from: [1])[0].found == "here")
    }

    @Test func otherCodersCanCarryTheTypesToo() throws {
        let value: JSONValue = ["a": [1, 2.5, nil, true, "x"], "b": ["c": -7], "d": JSONValue(UInt64.max)]
        let data = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
        #expect(try JSONDecoder().decode(JSONObject.self, from: data) == value.object)
        #expect(throws: JSONCodingError.self) {
            try JSONDecoder().decode([JSONNumber].self, from: Data("[\"x\"]".utf8))
        }
        #expect(try JSONDecoder().decode([JSONText].self, from: Data("[[1]]".utf8))[0].description == "[1]")
    }
}
