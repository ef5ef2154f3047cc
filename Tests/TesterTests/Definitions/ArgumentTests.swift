import JSON
import TestSupport
import Tester
import Testing

/// Arguments and definitions of tools, checked without a call.
struct ArgumentTests {
    static let tool = """
        {"name": "book", "description": "Books a trip.", "inputSchema": {"type": "object", "properties": {
            "city": {"type": "string", "description": "City."},
            "nights": {"type": "integer", "minimum": 1, "maximum": 30, "description": "Nights."},
            "room": {"enum": ["single_bed", "double"], "description": "Room."},
            "tags": {"type": "array", "items": {"type": "string"}, "description": "Tags."},
            "pets": {"type": "boolean", "description": "Pets."},
            "guest": {"$ref": "#/$defs/Guest", "description": "Guest."},
            "currency": {"type": "string", "default": "EUR", "description": "Currency."}
        }, "required": ["city", "currency"], "additionalProperties": false,
        "$defs": {"Guest": {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]}}}}
        """

    static func session(_ tools: String = tool) async throws -> (TesterSession, CannedServer) {
        let server = CannedServer { method, _ in method == "tools/list" ? .result(#"{"tools": [\#(tools)]}"#) : nil }
        return (try await TesterSession.connected(to: server), server)
    }

    private func check(_ arguments: JSONValue, _ tool: String = "book") async throws -> JSONValue {
        let (session, server) = try await Self.session()
        let report = await session.validateArguments(JSONText(arguments), of: tool).json
        #expect(try !server.methods().contains("tools/call"))
        await session.close()
        return report
    }

    @Test
    func validArgumentsAreReportedAndNothingIsCalled() async throws {
        let report = try await check(["city": "Lima", "currency": "EUR", "guest": ["age": 3]])
        #expect(report["valid"] == true && report["success"] == true, "\(report)")
    }

    @Test
    func unambiguousErrorsAreCorrected() async throws {
        let report = try await check([
            "cty": "Lima", "nights": "3", "room": "Single-Bed", "tags": "sea", "pets": "True", "guest": ["age": "40"],
        ])
        #expect(report["valid"] == false, "\(report)")
        let corrected: JSONValue = [
            "city": "Lima", "nights": 3, "room": "single_bed", "tags": ["sea"], "pets": true, "guest": ["age": 40],
            "currency": "EUR",
        ]
        #expect(report["corrected"] == corrected, "\(report)")
        let places = Set(report["errors"]?.array?.compactMap { $0["at"]?.string } ?? [])
        #expect(places.isSuperset(of: ["/nights", "/room", "/tags", "/pets", "/guest/age"]), "\(report)")
        #expect(report["errors"]?.array?.allSatisfy { $0["correction"]?.string != nil } == true, "\(report)")
    }

    @Test
    func ambiguousErrorsHaveAdviceButNoCorrectedArguments() async throws {
        let report = try await check(["city": "Lima", "currency": "EUR", "nights": 99, "zzz": 1])
        #expect(report["corrected"] == nil, "\(report)")
        let corrections = report["errors"]?.array?.compactMap { $0["correction"]?.string } ?? []
        #expect(corrections.contains("Use at most 30."), "\(report)")
        #expect(corrections.contains { $0.contains("Remove `zzz`") }, "\(report)")
    }

    @Test
    func missingArgumentWithoutDefaultHasAnExample() async throws {
        let report = try await check(["currency": "EUR"])
        #expect(report["corrected"] == nil)
        #expect(report["errors"]?[0]?["correction"] == "Add `city`, such as \"example\".", "\(report)")
        #expect(report["error"]?["error_type"] == "invalid_arguments")
    }

    @Test
    func schemaWhoseReferencesMultiplyIsStillDescribed() async throws {
        let properties = (0..<12).map { ##""p\##($0)": {"$ref": "#/$defs/Node"}"## }.joined(separator: ", ")
        let schema = """
            {"type": "object", "properties": {"definitions": {"type": "string"}, \(properties)},
            "$defs": {"Node": {"type": "object", "properties": {\(properties)}}}}
            """
        let (session, _) = try await Self.session(#"{"name": "deep", "description": "d", "inputSchema": \#(schema)}"#)
        let report = await session.validateArguments(JSONText(["definitions": 1, "p1": ["p2": "x"]]), of: "deep").json
        #expect(report["corrected"] == nil && report["errors"]?.array?.count == 2, "\(report)")
        #expect(report["errors"]?[0]?["correction"] == "Use \"1\" instead of 1.", "\(report)")
        await session.close()
    }

    @Test
    func unknownToolHasTheNearestName() async throws {
        let report = try await check([:], "bok")
        #expect(report["error"]?["error_type"] == "tool_not_found")
        #expect(report["error"]?["message"]?.string?.contains("Did you mean \"book\"?") == true, "\(report)")
    }

    @Test
    func describedToolHasSignatureAndValidExample() async throws {
        let (session, _) = try await Self.session()
        let report = await session.describeTool("book").json
        #expect(report["signature"]?.string?.hasPrefix("book(city: string, nights?: integer") == true, "\(report)")
        #expect(report["tool"]?["input_schema"]?["required"] == ["city", "currency"])
        #expect(report["findings"] == nil, "\(report)")
        let example = try #require(report["example_arguments"])
        #expect(example["guest"]?["age"]?.int != nil, "\(example)")
        let check = await session.validateArguments(JSONText(example), of: "book").json
        #expect(check["valid"] == true, "\(check)")
        await session.close()
    }

    @Test(arguments: [
        (#"{"name": "a", "description": "d"}"#, "no inputSchema"),
        (#"{"name": "a", "description": "d", "inputSchema": {"type": "object"}}"#, "describes no properties"),
        (#"{"name": "a", "inputSchema": {"type": "object", "additionalProperties": false}}"#, "no description"),
        (
            #"{"name": "a b", "description": "d", "inputSchema": {"type": "object", "additionalProperties": false}}"#,
            "\" \""
        ),
        (
            #"{"name": "a", "description": "d", "inputSchema": {"type": "object", "properties": {"x": {"type": "integr", "description": "d"}}}}"#,
            "not valid JSON Schema"
        ),
        (
            #"{"name": "a", "description": "d", "inputSchema": {"type": "object", "properties": {"x": {"type": "string"}}}}"#,
            "no description: `x`"
        ),
        (
            #"{"name": "a", "description": "d", "inputSchema": {"type": "object", "properties": {}, "required": ["y"], "additionalProperties": false}}"#,
            "requires `y`"
        ),
        (
            #"{"name": "a", "description": "d", "inputSchema": {"type": "object", "properties": {"x": {"type": "integer", "default": "1", "description": "d"}}}}"#,
            "default of `x`"
        ),
        (
            #"{"name": "a", "description": "d", "inputSchema": {"type": "object", "additionalProperties": false}, "outputSchema": {"type": "array"}}"#,
            "outputSchema"
        ),
        (
            #"{"name": "delete_all", "description": "d", "inputSchema": {"type": "object", "additionalProperties": false}, "annotations": {"readOnlyHint": true}}"#,
            "\"delete\""
        ),
        (
            #"{"name": "a", "description": "d", "inputSchema": {"type": "object", "additionalProperties": false}, "annotations": {"readOnlyHint": true, "destructiveHint": true}}"#,
            "contradict"
        ),
    ])
    func faultOfADefinitionIsAFinding(tool: String, says: String) async throws {
        let (session, _) = try await Self.session(tool)
        let name = try JSONValue(parsing: tool)["name"]?.string ?? ""
        let report = await session.describeTool(name).json
        let findings = (report["findings"]?.array ?? []).compactMap { $0["message"]?.string }
        #expect(findings.count == 1 && findings[0].contains(says), "\(findings)")
        await session.close()
    }
}
