import JSON
import MCP
import Testing

@Suite struct SignatureTests {
    @Test(
        arguments: [
            (["properties": ["a": ["type": "string"]], "required": ["a"]], "t(a: string)"),
            (["properties": ["a": ["type": ["string", "null"], "default": nil]]], "t(a?: string | null = null)"),
            (["properties": ["a": ["enum": ["x", 1]]]], #"t(a?: "x" | 1)"#),
            (["properties": ["a": ["type": "array", "items": ["type": "integer"]]]], "t(a?: integer[])"),
            (["properties": ["a": ["anyOf": [["type": "integer"], ["type": "null"]]]]], "t(a?: integer | null)"),
            (["properties": ["a": ["$ref": "#/$defs/P"]], "$defs": ["P": ["type": "object"]]], "t(a?: object)"),
            (["properties": ["a": ["$ref": "#/properties/a"]]], "t(a?: …)"),
            (["properties": ["a": [:], "b": true]], "t(a?: any, b?: any)"),
            ([:], "t()"),
            ("no schema", "t()"),
        ] as [(JSONValue, String)]
    )
    func aToolSignatureIsOneLine(schema: JSONValue, expected: String) {
        #expect(Signature(tool: "t", input: schema).description == expected)
    }

    @Test func anOutputSchemaFollowsAnArrow() {
        let output: JSONValue = ["type": "object", "properties": ["sum": ["type": "number"]], "required": ["sum"]]
        #expect(Signature(tool: "add", input: nil, output: output).description == "add() -> {sum: number}")
    }
}
