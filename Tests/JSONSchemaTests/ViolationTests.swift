import JSON
import JSONSchema
import Testing

/// Messages and locations of violations.
struct ViolationTests {
    private func violations(_ schema: JSONValue, _ instance: JSONValue) throws -> [Violation] {
        try JSONSchema(schema).violations(of: instance)
    }

    private func messages(_ schema: JSONValue, _ instance: JSONValue) throws -> [String] {
        try violations(schema, instance).map(\.message)
    }

    @Test func wrongTypeIsReportedWithLocationAndValue() throws {
        let schema: JSONValue = ["properties": ["age": ["type": "integer"]]]
        let found = try violations(schema, ["age": "x"])
        #expect(found.map(\.message) == ["`age`: expected an integer, got the string \"x\""])
        #expect(found[0].instanceLocation.description == "/age")
        #expect(found[0].keywordLocation.description == "/properties/age/type")
        #expect(found[0].absoluteKeywordLocation == nil)
        #expect(found[0].keyword == "type")
        #expect("\(found[0])" == found[0].message)
    }

    @Test func rootIsNamedByTheTermsOfTheCaller() throws {
        let schema = try JSONSchema(["type": ["string", "null"]])
        #expect(
            schema.validate(1.5).errors.map(\.message) == ["the value: expected null or a string, got the number 1.5"]
        )
        #expect(
            schema.validate([], as: .arguments).errors.map(\.message)
                == ["the arguments: expected null or a string, got an empty array"]
        )
    }

    @Test func nestedLocationsAreWrittenAsPaths() throws {
        let inner: JSONValue = ["additionalProperties": ["type": "string"]]
        let schema: JSONValue = ["properties": ["list": ["items": inner]]]
        #expect(
            try messages(schema, ["list": [[:], ["a": 1, "b c": 2, "": 3]]]) == [
                "`list[1].a`: expected a string, got the number 1",
                "`list[1][\"b c\"]`: expected a string, got the number 2",
                "`list[1][\"\"]`: expected a string, got the number 3",
            ]
        )
    }

    @Test func referencesAppearInTheKeywordLocationOnly() throws {
        let schema: JSONValue = [
            "$id": "https://example.com/root", "properties": ["a": ["$ref": "#/$defs/b"]],
            "$defs": ["b": ["minimum": 5]],
        ]
        let found = try violations(schema, ["a": 3])
        #expect(found.map(\.keywordLocation.description) == ["/properties/a/$ref/minimum"])
        #expect(found.map(\.absoluteKeywordLocation) == ["https://example.com/root#/$defs/b/minimum"])
        #expect(found.map(\.message) == ["`a`: expected at least 5, got 3"])
    }

    @Test func enumListsItsChoicesAndSuggestsTheNearest() throws {
        #expect(
            try messages(["properties": ["color": ["enum": ["red", "green", 3]]]], ["color": "gren"]) == [
                "`color`: expected one of \"red\", \"green\" or 3, got the string \"gren\" (did you mean \"green\"?)"
            ]
        )
    }

    @Test func missingPropertiesAreReportedWithTheLikelyMisspelling() throws {
        let schema = try JSONSchema(["required": ["name", "age"]])
        let value: JSONValue = ["nme": 1]
        #expect(
            schema.validate(value, as: .arguments).errors.map(\.message) == [
                "missing required argument `name` (did you mean `name` instead of `nme`?)",
                "missing required argument `age`",
            ]
        )
        #expect(try schema.violations(of: ["name": 1]).map(\.message) == ["missing required property `age`"])
        #expect(
            schema.validate(["name": 1], as: .form).errors.map(\.message) == ["missing required field `age`"]
        )
    }

    @Test func declaredPropertiesAreNotTakenForMisspellings() throws {
        let schema: JSONValue = ["properties": ["date": true], "required": ["data"]]
        #expect(try messages(schema, ["date": 1]) == ["missing required property `data`"])
    }

    @Test func missingPropertyOfANestedObjectIsLocated() throws {
        let schema = try JSONSchema(["properties": ["address": ["required": ["street"]]]])
        #expect(
            schema.validate(["address": [:]], as: .arguments).errors.map(\.message)
                == ["`address`: missing required property `street`"]
        )
    }

    @Test func unknownPropertiesAreReportedWithTheNearestOrAllAllowedOnes() throws {
        let object: JSONValue = ["properties": ["color": true, "size": true], "additionalProperties": false]
        let value: JSONValue = ["colr": 1, "weight": 2]
        let found = try JSONSchema(object).validate(value, as: .arguments).errors
        #expect(
            found.map(\.message) == [
                "unknown argument `colr` (did you mean `color`?)",
                "unknown argument `weight` (allowed: `color` and `size`)",
            ]
        )
        #expect(found.map(\.keyword) == ["additionalProperties", "additionalProperties"])
        #expect(found.map(\.instanceLocation.description) == ["/colr", "/weight"])
        #expect(found[0].keywordLocation.description == "/additionalProperties")
        let nested = try JSONSchema(["properties": ["box": object]])
        #expect(
            nested.validate(["box": ["colr": 1]], as: .arguments).errors.map(\.message)
                == ["`box`: unknown property `colr` (did you mean `color`?)"]
        )
        #expect(try messages(["additionalProperties": false], ["a": 1]) == ["unknown property `a` (none is allowed)"])
    }

    @Test func unevaluatedPropertyIsReported() throws {
        let schema: JSONValue = ["allOf": [["properties": ["a": true]]], "unevaluatedProperties": false]
        #expect(try messages(schema, ["a": 1, "b": 2]) == ["unknown property `b`"])
    }

    @Test func closestAlternativeIsNamedWithItsFault() throws {
        let schema: JSONValue = [
            "anyOf": [["type": "string"], ["type": "object", "required": ["id"]], ["type": "null"]]
        ]
        let found = try violations(schema, ["no": 1])
        #expect(
            found.map(\.message) == [
                "the value: got an object with `no`, which matches none of the 3 alternatives; "
                    + "closest match: second alternative (missing required property `id`)"
            ]
        )
        #expect(found.map(\.keyword) == ["anyOf"])
    }

    @Test func deeperFaultOfTheClosestAlternativeIsLocated() throws {
        let schema: JSONValue = ["properties": ["a": ["anyOf": [["properties": ["b": ["type": "null"]]]]]]]
        #expect(
            try messages(schema, ["a": ["b": 1]]) == [
                "`a`: got an object with `b`, which does not match the only alternative; "
                    + "closest match: first alternative (`a.b`: expected null, got the number 1)"
            ]
        )
    }

    @Test func oneOfReportsTheAlternativesThatMatchTogether() throws {
        #expect(
            try messages(["oneOf": [["minimum": 1], ["type": "string"], ["maximum": 9]]], 5)
                == ["the value: exactly one alternative must match, but the first and third match"]
        )
        let many: JSONValue = ["oneOf": .array([true] + Array(repeating: false, count: 10) + [true])]
        #expect(
            try messages(many, 5) == ["the value: exactly one alternative must match, but alternatives 1 and 12 match"]
        )
    }

    @Test(
        arguments: [
            (["const": 1], 2, "the value: expected the number 1, got the number 2"),
            (["multipleOf": 0.1], 0.25, "the value: expected a multiple of 0.1, got 0.25"),
            (["maximum": 1], 2, "the value: expected at most 1, got 2"),
            (["exclusiveMaximum": 2], 2, "the value: expected less than 2, got 2"),
            (["exclusiveMinimum": 2], 2, "the value: expected more than 2, got 2"),
            (["maxLength": 1], "ab", "the value: expected at most 1 character, got 2 (\"ab\")"),
            (["minLength": 3], "ab", "the value: expected at least 3 characters, got 2 (\"ab\")"),
            (["maxItems": 0], [1], "the value: expected at most 0 elements, got 1"),
            (["minItems": 1], [], "the value: expected at least 1 element, got 0"),
            (["uniqueItems": true], [1, 2, 1.0], "the value: all elements must differ, but [0] and [2] are equal"),
            (["minProperties": 1], [:], "the value: expected at least 1 property, got 0"),
            (["maxProperties": 0], ["a": 1], "the value: expected at most 0 properties, got 1"),
            (
                ["dependentRequired": ["a": ["b"]]], ["a": 1],
                "missing required property `b` (required when `a` is given)"
            ),
            (["pattern": "^a+$"], "b", "the value: expected a string matching `^a+$`, got \"b\""),
            (["not": ["type": "null"]], nil, "the value: got null, which `not` excludes"),
            (
                ["contains": ["const": 1], "minContains": 2], [1, 3],
                "the value: expected at least 2 elements matching `contains`, got 1"
            ),
            (
                ["contains": ["const": 1], "maxContains": 1], [1, 1],
                "the value: expected at most 1 element matching `contains`, got 2"
            ),
            (false, true, "the value: no value is allowed here, got the boolean true"),
            (
                ["propertyNames": ["maxLength": 1]], ["ab": 1],
                "property name `ab`: expected at most 1 character, got 2 (\"ab\")"
            ),
            (
                ["properties": ["a": ["propertyNames": ["maxLength": 1]]]], ["a": ["bc": 1]],
                "property name `bc` in `a`: expected at most 1 character, got 2 (\"bc\")"
            ),
            (["items": ["type": "array"]], [1], "`[0]`: expected an array, got the number 1"),
        ] as [(JSONValue, JSONValue, String)]
    )
    func keywordHasAMessage(schema: JSONValue, instance: JSONValue, message: String) throws {
        #expect(try messages(schema, instance) == [message])
    }

    @Test func formatHasAMessage() throws {
        let schema = try JSONSchema(["format": "date"], assertsFormats: true)
        #expect(
            try schema.violations(of: "tomorrow").map(\.message)
                == ["the value: expected a date such as 2024-05-01, got \"tomorrow\""]
        )
        #expect(try JSONSchema(["format": "date"]).violations(of: "tomorrow").isEmpty)
    }

    @Test func allViolationsAreReportedUpToTheLimit() throws {
        let schema = try JSONSchema(["items": ["type": "string"]])
        let wrong = JSONValue.array(Array(repeating: 1, count: 50))
        #expect(schema.validate(wrong).errors.count == 50)
        #expect(schema.validate(wrong, limits: JSONSchemaLimits(violations: 3)).errors.count == 3)
    }

    @Test func longValuesAreShortenedInMessages() throws {
        let text = String(repeating: "é", count: 500)
        let message = try #require(messages(["type": "null"], .string(text)).first)
        #expect(message.count < 150 && message.contains("…"))
    }
}
