import JSON
import JSONRPC
import MCP
import MCPClient
import Testing

@testable import Tester

/// What could be answered to a question: shown to whoever must answer, and always valid.
@Suite(.timeLimit(.minutes(15)))
struct ExampleTests {
    static func form(_ properties: JSONObject, required: [String] = []) -> ReceivedInputRequest {
        let schema: JSONObject = [
            "type": "object", "properties": .object(properties),
            "required": .array(required.map(JSONValue.string)),
        ]
        return question(.elicitation, ["message": "?", "requestedSchema": .object(schema)])
    }

    static func question(
        _ kind: ReceivedInputRequest.Kind,
        _ params: JSONObject,
        key: String = "q",
        in revision: Revision = .latest
    ) -> ReceivedInputRequest {
        ReceivedInputRequest(
            kind,
            origin: .result,
            key: key,
            params: JSONText(.object(params)),
            request: 1,
            revision: revision
        )
    }

    @Test(
        arguments: [
            ["type": "string"],
            ["type": "string", "minLength": 12],
            ["type": "string", "maxLength": 3],
            ["type": "string", "minLength": 2, "maxLength": 2],
            ["type": "string", "format": "email"],
            ["type": "string", "format": "email", "minLength": 40],
            ["type": "string", "format": "uri"],
            ["type": "string", "format": "date"],
            ["type": "string", "format": "date-time"],
            ["type": "string", "default": "John Doe"],
            ["type": "string", "enum": ["active", "inactive"], "enumNames": ["A", "I"]],
            ["type": "string", "oneOf": [["const": "a", "title": "A"], ["const": "b", "title": "B"]]],
            ["type": "integer"],
            ["type": "integer", "minimum": 18, "maximum": 20],
            ["type": "integer", "maximum": -5],
            ["type": "integer", "exclusiveMinimum": 7, "exclusiveMaximum": 9],
            ["type": "number", "minimum": 0.25, "maximum": 0.5],
            ["type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5],
            ["type": "integer", "minimum": 2, "multipleOf": 7],
            ["type": "boolean"],
            ["type": "boolean", "default": false],
            ["type": "array", "items": ["type": "string", "enum": ["x", "y", "z"]]],
            ["type": "array", "items": ["type": "string", "enum": ["x", "y", "z"]], "minItems": 2, "maxItems": 2],
            ["type": "array", "items": ["anyOf": [["const": "x", "title": "X"]]], "default": ["x"]],
        ] as [JSONObject]
    )
    func aFieldOfAnyKindIsFilledIn(_ field: JSONObject) throws {
        let question = Self.form(["field": .object(field)], required: ["field"])
        let example = try #require(Example.answer(to: question))
        #expect(example["content"]?["field"] != nil)
        _ = try InputReply.read(example, to: question)
    }

    @Test func defaultsAreWhatTheServerSaid() throws {
        let question = Self.form(
            ["name": ["type": "string", "default": "John Doe"], "age": ["type": "integer", "default": 30]]
        )
        #expect(Example.answer(to: question)?["content"] == ["name": "John Doe", "age": 30])
    }

    @Test func anOptionalFieldThatNothingFitsIsLeftOut() throws {
        let question = Self.form(
            ["name": ["type": "string"], "odd": ["type": "string", "pattern": "^[0-9]{4}$"]],
            required: ["name"]
        )
        #expect(Example.answer(to: question)?["content"] == ["name": "example"])
    }

    @Test func thereIsNoExampleRatherThanAWrongOne() {
        let pattern: JSONObject = ["odd": ["type": "string", "pattern": "^[0-9]{4}$"]]
        #expect(Example.answer(to: Self.form(pattern, required: ["odd"])) == nil)
        #expect(Example.answer(to: Self.form(["odd": ["type": 7]], required: ["odd"])) == nil)
        #expect(Example.answer(to: Self.question(.elicitation, ["message": "?"])) == nil)
    }

    @Test func theOtherKindsHaveExamplesThatAreValid() throws {
        let tools: JSONValue = [["name": "add", "inputSchema": ["type": "object"]]]
        let questions = [
            Self.question(.roots, [:]),
            Self.question(.elicitation, ["mode": "url", "message": "?", "url": "https://example.com"]),
            Self.question(.sampling, ["messages": [], "maxTokens": 1]),
            Self.question(
                .sampling,
                ["messages": [], "maxTokens": 1, "tools": tools, "toolChoice": ["mode": "required"]]
            ),
        ]
        for question in questions {
            for revision in [Revision.v2025_11_25, .latest] {
                let asked = Self.question(question.kind, question.params.value().object ?? [:], in: revision)
                _ = try InputReply.read(try #require(Example.answer(to: asked)), to: asked)
            }
        }
    }
}
