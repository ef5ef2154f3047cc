import JSON
import MCP
import Testing

@Suite struct ProblemsTests {
    private let good: JSONValue = ["name": "add", "inputSchema": ["type": "object"]]

    @Test func oneInvalidToolAmongGoodOnesIsNamed() throws {
        let page = ListToolsResult(json: ["tools": [good, ["name": 7, "inputSchema": ["type": "object"]], good]])
        let problem = try #require(page.problems(in: .v2025_11_25).first)
        #expect(page.problems(in: .v2025_11_25).count == 1)
        #expect(problem.pointer.description == "/tools/1/name")
        #expect(problem.sentence == "Expected a string (revision 2025-11-25), got the number 7.")
        #expect(page.tools?.count == 3)
    }

    @Test func aMissingMemberIsNamedAtItsHolder() {
        let problems = Tool(json: ["name": "add"]).problems(in: .v2024_11_05)
        #expect(
            problems == [Problem("Required member `inputSchema` is missing (revision 2024-11-05); expected an object.")]
        )
    }

    @Test func anElementThatIsNotAnObjectIsReportedAndTheOthersStay() {
        let page = ListToolsResult(json: ["tools": [good, "add"]])
        #expect(page.problems(in: .v2025_06_18).map(\.pointer.description) == ["/tools/1"])
        #expect(page.tools?.map(\.name) == ["add"])
    }

    @Test(arguments: Revision.allCases)
    func anInputSchemaMustBeOfAnObject(revision: Revision) {
        let tool = Tool(json: ["name": "add", "inputSchema": ["type": "string"]])
        #expect(tool.problems(in: revision).map(\.pointer.description) == ["/inputSchema/type"])
    }

    @Test func onlyTheLatestRevisionTakesAnyOutputSchemaAndAnyData() {
        let tool = Tool(json: [
            "name": "add", "inputSchema": ["type": "object"], "outputSchema": ["type": "array"],
        ])
        #expect(tool.problems(in: .v2025_11_25).map(\.pointer.description) == ["/outputSchema/type"])
        #expect(tool.problems(in: .v2026_07_28) == [])
        let result = CallToolResult(json: ["resultType": "complete", "content": [], "structuredContent": [1]])
        #expect(result.problems(in: .v2025_11_25).map(\.pointer.description) == ["/structuredContent"])
        #expect(result.problems(in: .v2026_07_28) == [])
    }

    @Test func membersOfALaterRevisionAreAllowed() {
        let tool = Tool(json: ["name": "add", "inputSchema": ["type": "object"], "icons": 1, "x": 2])
        #expect(tool.problems(in: .v2025_06_18) == [])
        #expect(tool.problems(in: .v2025_11_25).map(\.pointer.description) == ["/icons"])
    }

    @Test func aStatelessResultHasAKindAndCachingHints() {
        let page = ListToolsResult(json: ["tools": [], "ttlMs": -1, "cacheScope": "mine"])
        #expect(page.problems(in: .v2025_11_25) == [])
        #expect(
            page.problems(in: .v2026_07_28).map(\.description) == [
                "Required member `resultType` is missing (revision 2026-07-28); expected a string.",
                "/ttlMs: Expected an integer of at least 0 (revision 2026-07-28), got the number -1.",
                #"/cacheScope: Expected one of "public", "private" (revision 2026-07-28), got the string "mine"."#,
            ]
        )
    }

    @Test func contentOfAnUnknownKindIsReportedWithTheKnownOnes() {
        let result = CallToolResult(content: [.audio(data: "AAAA", mimeType: "audio/wav")])
        #expect(
            result.problems(in: .v2024_11_05).map(\.description) == [
                #"/content/0/type: Expected one of "image", "resource", "text" (revision 2024-11-05), got the string "audio"."#
            ]
        )
        #expect(result.problems(in: .v2025_03_26) == [])
    }

    @Test(arguments: ["AAA", "AA=A", "A===", "äöüß", "AA A"])
    func bytesMustBeBase64(data: String) {
        let block = ContentBlock.image(data: data, mimeType: "image/png")
        #expect(block.problems(in: .v2025_11_25).map(\.pointer.description) == ["/data"])
    }

    @Test(arguments: ["", "AA==", "AAA=", "+/9z"])
    func base64IsAccepted(data: String) {
        #expect(ContentBlock.image(data: data, mimeType: "image/png").problems(in: .v2025_11_25) == [])
    }

    @Test(arguments: ["notes.txt", "", ":x", "1a:x", "a b:c"])
    func aURIBeginsWithAScheme(uri: String) {
        let resource = Resource(uri: uri, name: "notes")
        #expect(resource.problems(in: .v2025_11_25).map(\.pointer.description) == ["/uri"])
    }

    @Test(arguments: ["file:///a", "demo://x", "urn:isbn:1", "data:,", "git+ssh://h"])
    func anySchemeIsAccepted(uri: String) {
        #expect(Resource(uri: uri, name: "notes").problems(in: .v2025_11_25) == [])
    }

    @Test func contentsAreTextOrBytes() {
        let result = ReadResourceResult(contents: [ResourceContents(json: ["uri": "file:///a"])])
        #expect(
            result.problems(in: .v2025_11_25).map(\.description) == [
                "/contents/0: Both `text` and `blob` are missing; revision 2025-11-25 requires one of them."
            ]
        )
    }

    @Test func aPromptIsCheckedDownToItsMessages() {
        let result = GetPromptResult(json: [
            "messages": [["role": "system", "content": ["type": "text", "text": 1]], ["role": "user"]]
        ])
        #expect(
            result.problems(in: .v2025_11_25).map(\.pointer.description) == [
                "/messages/0/role", "/messages/0/content/text", "/messages/1",
            ]
        )
        let prompt = Prompt(json: ["name": "p", "arguments": [["name": "a", "required": "yes"]]])
        #expect(prompt.problems(in: .v2025_11_25).map(\.pointer.description) == ["/arguments/0/required"])
    }

    @Test func aHandshakeIsCheckedDownToItsCapabilities() {
        let result = InitializeResult(json: [
            "protocolVersion": 1, "capabilities": ["tools": ["listChanged": "yes"]], "serverInfo": ["name": "s"],
        ])
        #expect(
            Set(result.problems(in: .v2025_11_25).map(\.pointer.description)) == [
                "/protocolVersion", "/capabilities/tools/listChanged", "/serverInfo",
            ]
        )
    }

    @Test func numbersAreComparedByValueNotBySpelling() throws {
        let resource = try JSONValue(parsing: #"{"uri":"a:b","name":"n","size":1.0,"annotations":{"priority":1E0}}"#)
        #expect(Resource(jsonValue: resource)?.problems(in: .v2025_11_25) == [])
        let other = try JSONValue(parsing: #"{"uri":"a:b","name":"n","size":1.5,"annotations":{"priority":1.5}}"#)
        #expect(
            Resource(jsonValue: other)?.problems(in: .v2025_11_25).map(\.pointer.description) == [
                "/size", "/annotations/priority",
            ]
        )
    }

    @Test func longValuesAreCountedAndNotQuoted() throws {
        let digits = String(repeating: "7", count: 1_000)
        let long = Tool(json: ["name": try JSONValue(parsing: digits), "inputSchema": .string(digits)])
        #expect(
            long.problems(in: .v2025_11_25).map(\.sentence) == [
                "Expected a string (revision 2025-11-25), got a number of 1000 characters.",
                "Expected an object (revision 2025-11-25), got a string of 1000 bytes.",
            ]
        )
    }

    @Test func anInputRequestIsCheckedByItsMethod() {
        let result = InputRequiredResult(json: [
            "resultType": "input_required",
            "inputRequests": [
                "who": ["method": "elicitation/create", "params": ["message": "Who?"]],
                "what": ["method": "tools/call", "params": [:]],
                "where": ["method": "roots/list"],
            ],
        ])
        #expect(
            result.problems(in: .v2026_07_28).map(\.pointer.description) == [
                "/inputRequests/who/params", "/inputRequests/what/method",
            ]
        )
        #expect(InputRequiredResult(json: ["resultType": "input_required"]).problems(in: .v2026_07_28).count == 1)
    }

    @Test func aFormIsCheckedByTheKindsOfItsFields() {
        let params = ElicitParams(json: [
            "message": "?",
            "requestedSchema": [
                "type": "object",
                "properties": [
                    "a": ["type": "string", "format": "phone"],
                    "b": ["type": "array", "items": ["type": "string"]],
                    "c": ["type": "object"],
                    "d": ["type": "string", "oneOf": [["const": "x", "title": "X"]]],
                ],
            ],
        ])
        #expect(
            params.problems(in: .v2025_11_25).map(\.pointer.description) == [
                "/requestedSchema/properties/a/format", "/requestedSchema/properties/b/items",
                "/requestedSchema/properties/c/type",
            ]
        )
    }
}
