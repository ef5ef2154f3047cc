import JSON
import Testing

/// Trees: equality and identity, order, duplicates and access.
struct JSONValueTests {
    @Test func equalityIgnoresOrderAndLiterals() throws {
        let one = try JSONValue(parsing: #"{"a":[1.0,{"x":null}],"b":"\u0061"}"#)
        let other = try JSONValue(parsing: #"{"b":"a","a":[1,{"x":null}]}"#)
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(!one.isIdentical(to: other))
    }

    @Test func identityRequiresTheSameOrderAndLiterals() throws {
        let value: JSONValue = ["a": 1, "b": [2, "x"]]
        #expect(value.isIdentical(to: ["a": 1, "b": [2, "x"]]))
        #expect(!value.isIdentical(to: ["b": [2, "x"], "a": 1]))
        #expect(!value.isIdentical(to: try JSONValue(parsing: #"{"a":1.0,"b":[2,"x"]}"#)))
        #expect(!value.isIdentical(to: ["a": 1]))
        #expect(!value.isIdentical(to: ["a": 1, "b": [2, "x", 3]]))
    }

    @Test(
        arguments: [
            (nil, false), (0, false), (0, ""), ([], [:]), ("1", 1), ([1, 2], [2, 1]), (["a": 1], ["a": 2]),
            (["a": 1], ["b": 1]),
            ("e\u{301}", "\u{e9}"), (["e\u{301}": 1], ["\u{e9}": 1]), (["a": nil], [:]),
        ] as [(JSONValue, JSONValue)]
    )
    func differentValuesAreNotEqual(one: JSONValue, other: JSONValue) {
        #expect(one != other && other != one)
        #expect(!one.isIdentical(to: other))
    }

    @Test func membersKeepTheirOrderAndDuplicates() throws {
        let text = #"{"z":1,"a":2,"z":3,"m":{"k":1,"k":2,"k":3}}"#
        let value = try JSONValue(parsing: text)
        #expect(value.description == text)
        #expect(value.object?.keys == ["z", "a", "z", "m"])
        #expect(value["z"] == 3)
        #expect(value.object?.duplicateKeys == ["z"])
        #expect(value.duplicateKeys().map(\.description) == ["/z", "/m/k"])
        #expect(try JSONValue(parsing: #"[{"a/b":1,"a/b":2}]"#).duplicateKeys().map(\.description) == ["/0/a~1b"])
        #expect(try JSONValue(parsing: #"{"a":1,"b":{"a":1}}"#).duplicateKeys() == [])
        #expect(try JSONValue(parsing: #"{"a":1,"a":2}"#) == ["a": 2])
    }

    @Test func membersAreReplacedInPlaceAppendedAndRemoved() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        #expect(object.keys == ["a", "b", "c"] && object["a"] == 3)
        object.append("b", 5)
        #expect(object["b"] == 5 && object.count == 4)
        object["b"] = nil
        #expect(object.keys == ["a", "c"])
        #expect(JSONObject().isEmpty)
    }

    @Test func valuesAreReadByTheirType() throws {
        let value = try JSONValue(parsing: #"{"s":"x","n":1.5,"i":7,"b":true,"z":null,"a":[1],"o":{}}"#)
        #expect(value["s"]?.string == "x" && value["n"]?.double == 1.5 && value["i"]?.int == 7)
        #expect(value["b"]?.bool == true && value["z"]?.isNull == true && value["a"]?[0] == 1)
        #expect(value["o"]?.object?.isEmpty == true)
        #expect(value["s"]?.int == nil && value["i"]?.string == nil && value["missing"] == nil && value["a"]?[1] == nil)
        #expect(value["n"]?.int == nil && value["a"]?["x"] == nil && value["a"]?[-1] == nil)
        let names = ["s", "n", "i", "b", "z", "a", "o"].map { value[$0]?.typeName }
        #expect(names == ["string", "number", "number", "boolean", "null", "array", "object"])
    }

    @Test func treeNodeIsSmall() {
        #expect(MemoryLayout<JSONValue>.size == 17)
        #expect(MemoryLayout<JSONValue>.stride == 24)
    }
}

/// JSON Pointers.
///
/// Source: RFC 6901, 5.
struct JSONPointerTests {
    private let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
    ]

    @Test(
        arguments: [
            ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4),
            ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8),
        ] as [(String, JSONValue)]
    )
    func pointerFindsItsValueAndKeepsItsText(text: String, value: JSONValue) throws {
        let pointer = try #require(JSONPointer(text))
        #expect(document[pointer] == value)
        #expect(pointer.description == text)
    }

    @Test func emptyPointerIsTheWholeDocument() throws {
        #expect(document[try #require(JSONPointer(""))] == document)
        #expect(JSONPointer().description == "")
    }

    @Test(arguments: ["/foo/2", "/foo/01", "/foo/-", "/foo/+1", "/foo/-1", "/none", "/foo/0/x", "/foo/"])
    func pointerToAMissingLocationFindsNothing(text: String) throws {
        #expect(document[try #require(JSONPointer(text))] == nil)
    }

    @Test(arguments: ["foo", "#/foo", "/~", "/~2", "/a~"])
    func invalidPointerIsRejected(text: String) {
        #expect(JSONPointer(text) == nil)
    }

    @Test func tokensAreEscapedWhenWritten() {
        #expect(JSONPointer().appending("a/b").appending("m~n").appending(3).description == "/a~1b/m~0n/3")
        #expect(JSONPointer(["~1"]).description == "/~01")
        #expect(JSONPointer("/~01")?.tokens == ["~1"])
    }
}
