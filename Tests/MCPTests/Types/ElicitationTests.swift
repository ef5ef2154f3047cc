import JSON
import MCP
import Testing

@Suite struct ElicitationTests {
    @Test func everySpellingOfAChoiceGivesItsValuesAndTitles() {
        let titled: JSONValue = [["const": "a", "title": "A"], ["const": "b", "title": "B"]]
        let fields: [(ElicitationField, ElicitationField.Kind, [String?])] = [
            (ElicitationField(json: ["type": "string", "enum": ["a", "b"]]), .choice, [nil, nil]),
            (
                ElicitationField(json: ["type": "string", "enum": ["a", "b"], "enumNames": ["A"]]), .namedChoice,
                ["A", nil]
            ),
            (ElicitationField(json: ["type": "string", "oneOf": titled]), .titledChoice, ["A", "B"]),
            (ElicitationField(json: ["type": "array", "items": ["enum": ["a", "b"]]]), .choices, [nil, nil]),
            (ElicitationField(json: ["type": "array", "items": ["anyOf": titled]]), .titledChoices, ["A", "B"]),
        ]
        for (field, kind, titles) in fields {
            #expect(field.kind == kind)
            #expect(field.choices?.map(\.value) == ["a", "b"])
            #expect(field.choices?.map(\.title) == titles)
        }
        #expect(ElicitationField(json: ["type": "string"]).choices == nil)
        #expect(ElicitationField(json: ["type": "object"]).kind == nil)
    }

    @Test func aFormKeepsTheOrderOfItsFields() {
        let form = ElicitationSchema(
            [
                ("zip", ElicitationField(json: ["type": "string"])),
                ("age", ElicitationField(json: ["type": "integer"])),
            ],
            required: ["zip"]
        )
        let params = ElicitParams.form(message: "Where?", schema: form)
        #expect(params.requestedSchema?.fields.map(\.name) == ["zip", "age"])
        #expect(params.problems(in: .v2025_06_18) == [])
        #expect(params.problems(in: .v2026_07_28) == [])
    }

    @Test func aURLNeedsAnIDInOneRevisionOnly() {
        let params = ElicitParams.url("https://example.com", message: "Sign in")
        #expect(params.problems(in: .v2026_07_28) == [])
        #expect(params.problems(in: .v2025_11_25).count == 1)
    }
}
