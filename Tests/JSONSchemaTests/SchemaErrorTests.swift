import JSON
import JSONSchema
import Testing

/// Invalid schemas and the errors they cause.
struct SchemaErrorTests {
    private func error(
        _ schema: JSONValue,
        dialect: JSONSchema.Dialect = .draft202012,
        resources: [String: JSONValue] = [:],
        limits: JSONSchemaLimits = JSONSchemaLimits()
    ) throws -> JSONSchemaError {
        try #require(throws: JSONSchemaError.self) {
            try JSONSchema(schema, dialect: dialect, resources: resources, limits: limits)
        }
    }

    @Test func unknownDialectIsReportedWithTheSupportedOnes() throws {
        let found = try error(["$schema": "https://json-schema.org/draft/2019-09/schema", "type": "object"])
        #expect(found.kind == .unsupportedDialect("https://json-schema.org/draft/2019-09/schema"))
        #expect(found.keywordLocation.description == "/$schema")
        #expect(found.message.contains("https://json-schema.org/draft/2020-12/schema"))
        #expect(found.message.contains("http://json-schema.org/draft-07/schema"))
    }

    @Test func unknownRequiredVocabularyIsReported() throws {
        let metaschema: JSONValue = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$vocabulary": ["https://example.com/v": true],
        ]
        let found = try error(["$schema": "https://example.com/m"], resources: ["https://example.com/m": metaschema])
        #expect(found.kind == .unsupportedDialect("https://example.com/m"))
        #expect(found.message.contains("https://example.com/v"))
    }

    @Test func schemaWithoutDialectIs202012() throws {
        let schema: JSONValue = ["prefixItems": [["type": "string"]], "dependentRequired": ["a": ["b"]]]
        #expect(try !JSONSchema(schema).validate([1]).isValid)
        #expect(try !JSONSchema(schema).validate(["a": 1]).isValid)
        #expect(try JSONSchema(schema, dialect: .draft07).validate([1]).isValid)
        #expect(try JSONSchema(schema, dialect: .draft07).validate(["a": 1]).isValid)
    }

    @Test(arguments: ["http://json-schema.org/draft-07/schema", "http://json-schema.org/draft-07/schema#"])
    func draft07IsRecognizedWithAndWithoutTheEmptyFragment(uri: String) throws {
        let schema = try JSONSchema(["$schema": .string(uri), "items": [["type": "string"]]])
        #expect(!schema.validate([1]).isValid)
        #expect(schema.validate(["a", 1]).isValid)
    }

    @Test(arguments: ["https://example.com/schema.json", "other.json#/a", "http://127.0.0.1:9/x", "file:///etc/passwd"])
    func referenceToAnotherDocumentIsRejectedAndNotFetched(reference: String) throws {
        let found = try error(["properties": ["a": ["$ref": .string(reference)]]])
        #expect(found.kind == .unresolvableReference(reference))
        #expect(found.keywordLocation.description == "/properties/a/$ref")
        #expect(found.message.contains("external references are never fetched"))
    }

    @Test func referenceToAGivenDocumentIsFollowed() throws {
        let schema = try JSONSchema(
            ["$ref": "https://example.com/a#/$defs/x"],
            resources: ["https://example.com/a": ["$defs": ["x": ["type": "string"]]]]
        )
        #expect(schema.validate("s").isValid)
        #expect(!schema.validate(1).isValid)
    }

    @Test(arguments: ["#/$defs/missing", "#missing", "#/$defs/%zz"])
    func referenceToAMissingLocationIsReported(reference: String) throws {
        let found = try error(["$ref": .string(reference), "$defs": ["a": true]])
        #expect(found.kind == .unresolvableReference(reference))
        #expect(found.keywordLocation.description == "/$ref")
    }

    @Test(
        arguments: [
            (["type": "strin"], "/type", "\"string\""),
            (["type": []], "/type", "at least one type"),
            (["type": ["string", "string"]], "/type", "different"),
            (["type": 1], "/type", "must be one of"),
            (["properties": ["a": ["minimum": "1"]]], "/properties/a/minimum", "must be a number"),
            (["exclusiveMinimum": true], "/exclusiveMinimum", "draft-04"),
            (["properties": ["a": ["required": true]]], "/properties/a/required", "draft-03"),
            (["required": ["a", "a"]], "/required", "different names"),
            (["minLength": -1], "/minLength", "non-negative"),
            (["minLength": 1.5], "/minLength", "integer"),
            (["enum": "a"], "/enum", "an array of values"),
            (["multipleOf": 0], "/multipleOf", "greater than 0"),
            (["uniqueItems": 1], "/uniqueItems", "a boolean"),
            (["pattern": 1], "/pattern", "a string"),
            (["format": 1], "/format", "a string"),
            (["$ref": 1], "/$ref", "URI reference"),
            (["items": [["type": "string"]]], "/items", "prefixItems"),
            (["items": 1], "/items", "an object or a boolean"),
            (["allOf": []], "/allOf", "at least one"),
            (["anyOf": ["type": "string"]], "/anyOf", "an array of schemas"),
            (["properties": []], "/properties", "an object whose values are schemas"),
            (["properties": ["a": "string"]], "/properties/a", "an object or a boolean"),
            (["dependentRequired": ["a": "b"]], "/dependentRequired", "names"),
            (["minContains": "1", "contains": true], "/minContains", "integer"),
            (["$schema": 1], "/$schema", "a string"),
            ("string", "", "an object or a boolean"),
        ] as [(JSONValue, String, String)]
    )
    func keywordWithAnInvalidValueIsReportedWithWhatItMustBe(schema: JSONValue, location: String, words: String) throws
    {
        let found = try error(schema)
        #expect(found.kind == .invalidSchema)
        #expect(found.keywordLocation.description == location)
        #expect(found.message.contains(words), "\(found)")
    }

    @Test func faultInAnUnusedDefinitionIsReported() throws {
        #expect(try error(["$defs": ["a": ["type": "nonsense"]]]).keywordLocation.description == "/$defs/a/type")
    }

    @Test func faultInAGivenDocumentIsReportedWithItsURI() throws {
        let found = try error(["$ref": "https://example.com/a"], resources: ["https://example.com/a": ["type": 1]])
        #expect(found.document == "https://example.com/a")
        #expect(found.description.contains("https://example.com/a"))
    }

    @Test func invalidRegularExpressionIsReportedWithItsFault() throws {
        let found = try error(["properties": ["a": ["pattern": "^(abc"]]])
        #expect(found.kind == .invalidPattern("^(abc"))
        #expect(found.keywordLocation.description == "/properties/a/pattern")
        #expect(found.message == "the regular expression \"^(abc\" has a group that is not closed (character 6)")
    }

    @Test func schemaBeyondItsLimitsIsRejected() throws {
        let many: JSONValue = ["allOf": .array(Array(repeating: true, count: 20))]
        #expect(try error(many, limits: JSONSchemaLimits(subschemas: 20)).kind == .tooLarge)
        #expect(try JSONSchema(many, limits: JSONSchemaLimits(subschemas: 21)).validate(1).isValid)
        var deep: JSONValue = true
        for _ in 0..<10 { deep = ["not": ["not": deep]] }
        #expect(try error(deep, limits: JSONSchemaLimits(depth: 19)).kind == .tooLarge)
        #expect(try JSONSchema(deep, limits: JSONSchemaLimits(depth: 21)).validate(1).isValid)
    }

    @Test(arguments: JSONSchema.Dialect.allCases)
    func everyMetaschemaIsValidAgainstItself(dialect: JSONSchema.Dialect) throws {
        let schema = try JSONSchema(dialect.metaschema)
        #expect(schema.validate(dialect.metaschema).outcome == .valid)
        #expect(!schema.validate(["type": "nonsense"]).isValid)
        #expect(!schema.validate(["properties": ["a": ["minLength": -1]]]).isValid)
    }
}
