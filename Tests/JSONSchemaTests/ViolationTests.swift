import JSON
import JSONSchema
import Testing
import TextUtilities

/// What violations say and where they point.
struct ViolationTests {
    private func violations(_ schema: JSONValue, _ instance: JSONValue) throws -> [Violation] {
        try JSONSchema(schema).violations(of: instance)
    }

    private func messages(_ schema: JSONValue, _ instance: JSONValue) throws -> [String] {
        try violations(schema, instance).map(\.message)
    }

    @Test func aWrongTypeIsNamedWithItsPlaceAndValue() throws {
        let schema: JSONValue = ["properties": ["age": ["type": "integer"]]]
        let found = try violations(schema, ["age": "x"])
        #expect(found.map(\.message) == ["the value at /age is the string \"x\", but an integer is expected"])
        #expect(found[0].instanceLocation.description == "/age")
        #expect(found[0].keywordLocation.description == "/properties/age/type")
        #expect(found[0].absoluteKeywordLocation == nil)
        #expect(found[0].keyword == "type")
        #expect("\(found[0])" == found[0].message)
    }

    @Test func theWholeValueHasNoPlace() throws {
        #expect(
            try messages(["type": ["string", "null"]], 1.5)
                == ["the value is the number 1.5, but null or a string is expected"]
        )
    }

    @Test func referencesAreFollowedInOneLocationAndLeftOutInTheOther() throws {
        let schema: JSONValue = [
            "$id": "https://example.com/root", "properties": ["a": ["$ref": "#/$defs/b"]],
            "$defs": ["b": ["minimum": 5]],
        ]
        let found = try violations(schema, ["a": 3])
        #expect(found.map(\.keywordLocation.description) == ["/properties/a/$ref/minimum"])
        #expect(found.map(\.absoluteKeywordLocation) == ["https://example.com/root#/$defs/b/minimum"])
        #expect(found.map(\.message) == ["the value at /a is the number 3, but at least 5 is expected"])
    }

    @Test func anEnumListsItsChoicesAndTheNearest() throws {
        #expect(
            try messages(["enum": ["red", "green", 3]], "gren")
                == [
                    "the value is the string \"gren\", but one of \"red\", \"green\" or 3 is expected; "
                        + "did you mean \"green\"?"
                ]
        )
    }

    @Test func eachMissingMemberIsNamed() throws {
        let schema: JSONValue = ["required": ["name", "age"]]
        #expect(
            try messages(schema, ["nmae": 1]) == [
                "the value lacks the required member \"name\"; is \"nmae\" meant to be it?",
                "the value lacks the required member \"age\"",
            ]
        )
    }

    @Test func anExtraMemberIsNamedWithTheNearestAllowedOne() throws {
        let schema: JSONValue = [
            "properties": ["color": true, "size": true], "additionalProperties": false,
        ]
        let found = try violations(schema, ["colr": 1, "weight": 2])
        #expect(
            found.map(\.message) == [
                "the value at /colr is not allowed, for the schema knows no member \"colr\"; did you mean \"color\"?",
                "the value at /weight is not allowed, for the schema knows no member \"weight\"; "
                    + "it knows \"color\" and \"size\"",
            ]
        )
        #expect(found.map(\.keyword) == ["additionalProperties", "additionalProperties"])
        #expect(found[0].keywordLocation.description == "/additionalProperties")
    }

    @Test func anUnevaluatedMemberIsNamed() throws {
        let schema: JSONValue = ["allOf": [["properties": ["a": true]]], "unevaluatedProperties": false]
        #expect(
            try messages(schema, ["a": 1, "b": 2])
                == ["the value at /b is not allowed, for the schema knows no member \"b\""]
        )
    }

    @Test func alternativesSayWhichCameClosest() throws {
        let schema: JSONValue = [
            "anyOf": [["type": "string"], ["type": "object", "required": ["id"]], ["type": "null"]]
        ]
        let found = try violations(schema, ["no": 1])
        #expect(
            found.map(\.message) == [
                "the value is an object with \"no\" and matches none of the 3 alternatives; alternative 1 (counted from 0) "
                    + "comes closest: the value lacks the required member \"id\""
            ]
        )
        #expect(found.map(\.keyword) == ["anyOf"])
    }

    @Test func oneOfSaysWhichAlternativesMatchTogether() throws {
        #expect(
            try messages(["oneOf": [["minimum": 1], ["type": "string"], ["maximum": 9]]], 5) == [
                "the value is the number 5 and matches the alternatives 0 and 2 (counted from 0), but exactly one may match"
            ]
        )
    }

    @Test(
        arguments: [
            (["const": 1], 2, "the value is the number 2, but the number 1 is expected"),
            (["multipleOf": 0.1], 0.25, "the value is the number 0.25, but a multiple of 0.1 is expected"),
            (["maximum": 1], 2, "the value is the number 2, but at most 1 is allowed"),
            (["exclusiveMaximum": 2], 2, "the value is the number 2, but less than 2 is expected"),
            (["exclusiveMinimum": 2], 2, "the value is the number 2, but more than 2 is expected"),
            (["maxLength": 1], "ab", "the value is the string \"ab\", but at most 1 character is allowed"),
            (["minLength": 3], "ab", "the value is the string \"ab\", but at least 3 characters are expected"),
            (["maxItems": 0], [1], "the value is an array of 1 element, but at most 0 elements are allowed"),
            (["minItems": 1], [], "the value is an empty array, but at least 1 element is expected"),
            (
                ["uniqueItems": true], [1, 2, 1.0],
                "the value is an array of 3 elements, but all elements must differ, and those at 0 and 2 are equal"
            ),
            (["minProperties": 1], [:], "the value is an empty object, but at least 1 member is expected"),
            (["maxProperties": 0], ["a": 1], "the value is an object with \"a\", but at most 0 members are allowed"),
            (
                ["dependentRequired": ["a": ["b"]]], ["a": 1],
                "the value lacks the required member \"b\" (required because there is \"a\")"
            ),
            (
                ["pattern": "^a+$"], "b",
                "the value is the string \"b\", which does not match the regular expression ^a+$"
            ),
            (["not": ["type": "null"]], nil, "the value is null, which is what \"not\" excludes"),
            (
                ["contains": ["const": 1], "minContains": 2], [1, 3],
                "the value is an array of 2 elements, of which 1 match \"contains\", but at least 2 must"
            ),
            (
                ["contains": ["const": 1], "maxContains": 1], [1, 1],
                "the value is an array of 2 elements, of which 2 match \"contains\", but at most 1 may"
            ),
            (false, true, "the value is the boolean true, but no value is allowed here, for the schema is false"),
            (
                ["propertyNames": ["maxLength": 1]], ["ab": 1],
                "the value at /ab is the string \"ab\", but at most 1 character is allowed"
            ),
            (["items": ["type": "array"]], [1], "the value at /0 is the number 1, but an array is expected"),
        ] as [(JSONValue, JSONValue, String)]
    )
    func everyKeywordHasItsSentence(schema: JSONValue, instance: JSONValue, sentence: String) throws {
        #expect(try messages(schema, instance) == [sentence])
    }

    @Test func formatsHaveTheirSentence() throws {
        let schema = try JSONSchema(["format": "date"], assertsFormats: true)
        #expect(
            try schema.violations(of: "tomorrow").map(\.message)
                == ["the value is the string \"tomorrow\", which is not a date such as 2024-05-01"]
        )
        #expect(try JSONSchema(["format": "date"]).violations(of: "tomorrow").isEmpty)
    }

    @Test func everythingThatIsWrongIsSaidUpToTheLimit() throws {
        let schema = try JSONSchema(["items": ["type": "string"]])
        let wrong = JSONValue.array(Array(repeating: 1, count: 50))
        #expect(schema.validate(wrong).errors.count == 50)
        #expect(schema.validate(wrong, limits: JSONSchemaLimits(violations: 3)).errors.count == 3)
    }

    @Test func longValuesAreCutShortInSentences() throws {
        let text = String(repeating: "é", count: 500)
        let message = try #require(messages(["type": "null"], .string(text)).first)
        #expect(message.count < 150 && message.contains("…"))
    }

    @Test func aHintIsOnlyGivenForNamesThatAreClose() {
        #expect(nearest("tempurature", among: ["humidity", "temperature"]) == "temperature")
        #expect(nearest("Name", among: ["name"]) == "name")
        #expect(nearest("ab", among: ["ba"]) == "ba")
        #expect(nearest("weight", among: ["color", "size"]) == nil)
        #expect(nearest("x", among: []) == nil)
    }
}
