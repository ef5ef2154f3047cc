import JSON
import Tester
import Testing

@testable import TesterCommands

@Suite struct ArgumentCoercionTests {
    private static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "count": ["type": "integer"],
            "ratio": ["type": "number"],
            "flag": ["type": "boolean"],
            "name": ["type": "string"],
            "unit": ["type": "string", "enum": ["celsius", "fahrenheit"]],
            "level": ["enum": [1, 2, "high", true]],
            "fixed": ["const": 7],
            "tags": ["type": "array", "items": ["type": "string"]],
            "filter": ["type": "object"],
            "maybe": ["anyOf": [["type": "integer"], ["type": "null"]]],
            "maybeName": ["type": ["string", "null"]],
            "either": ["oneOf": [["type": "boolean"], ["type": "string"]]],
            "place": ["$ref": "#/$defs/Place"],
            "anything": ["description": "whatever"],
            "loop": ["$ref": "#/properties/loop"],
        ],
        "$defs": ["Place": ["type": "object", "properties": ["city": ["type": "string"]]]],
    ]

    private func object(_ name: String, _ text: String, _ schema: JSONValue? = schema) throws(Failure) -> String {
        let pair = ArgumentInput.Pair(name: name, value: .text(text))
        return JSONValue.object(try ArgumentCoercion(schema: schema).object(of: [pair])).description
    }

    private func refusal(_ name: String, _ text: String, _ schema: JSONValue = schema) -> String {
        do throws(Failure) {
            return try "accepted as \(object(name, text, schema))"
        } catch {
            return "\(error.message) \(error.nextStep)"
        }
    }

    @Test(arguments: [
        ("count", "5", "5"),
        ("count", "-3", "-3"),
        ("count", "12345678901234567890123", "12345678901234567890123"),
        ("count", "5.0", "5.0"),
        ("ratio", "1.50", "1.50"),
        ("ratio", "1e3", "1e3"),
        ("flag", "true", "true"),
        ("flag", "False", "false"),
        ("name", "hello world", #""hello world""#),
        ("name", "5", #""5""#),
        ("name", "true", #""true""#),
        ("name", "null", #""null""#),
        ("name", "", #""""#),
        ("unit", "celsius", #""celsius""#),
        ("level", "2", "2"),
        ("level", "high", #""high""#),
        ("level", "true", "true"),
        ("fixed", "7", "7"),
        ("tags", #"["a", "b"]"#, #"["a","b"]"#),
        ("filter", #"{"b": 1.0, "a": [null]}"#, #"{"b":1.0,"a":[null]}"#),
        ("maybe", "null", "null"),
        ("maybe", "4", "4"),
        ("maybeName", "null", "null"),
        ("maybeName", "nil", #""nil""#),
        ("either", "true", "true"),
        ("either", "yes", #""yes""#),
        ("place", #"{"city": "Bern"}"#, #"{"city":"Bern"}"#),
        ("anything", "5", #""5""#),
        ("loop", "x", #""x""#),
    ])
    func textIsConvertedToTheTypeInTheSchema(name: String, text: String, expected: String) throws {
        #expect(try object(name, text) == "{\"\(name)\":\(expected)}")
    }

    @Test(arguments: [
        ("count", "abc", "expected an integer, got \"abc\"."),
        ("count", "5.5", "expected an integer, got"),
        ("count", "", "expected an integer, got \"\"."),
        ("count", "+5", "expected an integer, got"),
        ("ratio", "NaN", "expected a number, got \"NaN\"."),
        ("flag", "yes", "expected true or false, got"),
        ("tags", "a,b", "expected a JSON array, such as '[1, 2]', got \"a,b\"."),
        ("tags", "{}", "expected a JSON array"),
        ("filter", "[]", "expected a JSON object"),
        ("maybe", "x", "expected an integer, or null, got"),
        ("unit", "celcius", #"expected one of celsius, fahrenheit, got "celcius". Did you mean "celsius"?"#),
        ("fixed", "8", "expected one of 7, got"),
    ])
    func textOfTheWrongTypeIsRefusedWithTheExpectedType(name: String, text: String, expected: String) {
        let refusal = refusal(name, text)
        #expect(refusal.hasPrefix("Argument \"\(name)\": \(expected)"), "\(refusal)")
    }

    @Test func aRefusalSaysHowToSendTheTextAnyway() {
        #expect(refusal("count", "abc").hasSuffix(#"To send it anyway, write count:='"abc"'"#))
    }

    @Test func anUnknownNameIsRefusedWithASuggestion() {
        let refusal = refusal("nmae", "x")
        #expect(
            refusal.hasPrefix(#"Unknown argument "nmae". Did you mean "name"? The tool's arguments are: count, ratio"#)
        )
        #expect(refusal.hasSuffix(#"nmae:='"x"'"#))
    }

    @Test func aRefusedValueWithASecretNameIsNotRepeated() {
        let refusal = refusal("api_key", "s3cret", ["properties": ["api_key": ["type": "integer"]]])
        #expect(refusal.contains("expected an integer") && !refusal.contains("s3cret"), "\(refusal)")
        #expect(!self.refusal("password", "s3cret").contains("s3cret"))
    }

    @Test func aToolWithoutArgumentsIsNamedAsSuch() {
        #expect(refusal("a", "1", ["type": "object", "properties": [:]]).contains("The tool takes no arguments."))
    }

    @Test(arguments: [true, ["type": "string"]] as [JSONValue])
    func unknownNamesAreSentIfTheSchemaAllowsThem(additional: JSONValue) throws {
        let schema: JSONValue = ["properties": ["a": ["type": "integer"]], "additionalProperties": additional]
        #expect(try object("b", "5", schema) == #"{"b":"5"}"#)
    }

    @Test func textStaysAStringWithoutASchema() throws {
        #expect(try object("a", "5", nil) == #"{"a":"5"}"#)
        #expect(try object("a", "5", ["type": "object"]) == #"{"a":"5"}"#)
    }

    @Test func anExactValueIsSentUnchanged() throws {
        let pairs: [ArgumentInput.Pair] = [
            .init(name: "count", value: .exact("five")), .init(name: "unknown", value: .exact(1)),
        ]
        let object = try ArgumentCoercion(schema: Self.schema).object(of: pairs)
        #expect(JSONValue.object(object).description == #"{"count":"five","unknown":1}"#)
    }
}
