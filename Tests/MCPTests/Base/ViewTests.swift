import JSON
import JSONRPC
import MCP
import Testing

@Suite struct ViewTests {
    @Test func unknownMembersKeepTheirPlace() throws {
        let text = #"{"x":1.0,"name":"add","inputSchema":{"type":"object","b":1,"a":2},"y":[1E400]}"#
        var tool = try #require(Tool(jsonValue: try JSONValue(parsing: text)))
        #expect(tool.jsonValue.description == text)
        tool.name = "sub"
        #expect(tool.jsonValue.description == text.replacing("add", with: "sub"))
        tool.name = nil
        #expect(tool.json.keys == ["x", "inputSchema", "y"])
    }

    @Test func aMemberOfTheWrongTypeReadsAsNilAndIsKept() {
        let tool = Tool(json: ["name": 7, "icons": "none", "annotations": [1]])
        #expect(tool.name == nil)
        #expect(tool.icons == nil)
        #expect(tool.annotations == nil)
        #expect(tool.json["name"] == 7)
    }

    @Test func aNestedMemberIsChangedInPlace() {
        var tool = Tool(json: ["annotations": ["x": 1], "name": "add"])
        tool.annotations?.readOnlyHint = true
        #expect(tool.jsonValue.description == #"{"annotations":{"x":1,"readOnlyHint":true},"name":"add"}"#)
    }

    @Test func anEnvelopeContainsVersionClientAndCapabilities() {
        var capabilities = ClientCapabilities()
        capabilities.declare(.elicitationForm)
        var params = CallToolParams(name: "add")
        params.requestMeta = RequestMeta(
            revision: .v2026_07_28,
            capabilities: capabilities,
            clientInfo: Implementation(name: "c", version: "1")
        )
        #expect(params.problems(in: .v2026_07_28) == [])
        #expect(params.requestMeta?.protocolVersion == "2026-07-28")
        #expect(params.requestMeta?.clientCapabilities?.has(.elicitationForm) == true)
        #expect(CallToolParams(name: "add").problems(in: .v2026_07_28).count == 1)
        #expect(CallToolParams(name: "add").problems(in: .v2025_11_25) == [])
    }

    @Test func anEmptyCursorIsNoEnd() {
        let page = ListPromptsResult(json: ["prompts": [], "nextCursor": ""])
        #expect(page.nextCursor == "")
        #expect(ListPromptsResult(items: []).nextCursor == nil)
    }

    @Test func idsKeepTheirType() {
        #expect(CancelledParams(requestID: 1).requestID == .integer(1))
        #expect(CancelledParams(requestID: "1").requestID == .string("1"))
        #expect(ListenResult(subscriptionID: 3).subscriptionID == .integer(3))
        #expect(ListenResult(subscriptionID: 3).problems(in: .v2026_07_28) == [])
    }

    @Test func logLevelsAreOrderedByWeight() {
        #expect(LogLevel.allCases == LogLevel.allCases.sorted())
        #expect(LogLevel.debug < .emergency)
        #expect(LogLevel(rawValue: "trace") == nil)
    }

    @Test func unknownNamesAreRepresentable() {
        let kind: ContentKind = "video"
        #expect(ContentBlock(json: ["type": "video"]).kind == kind)
        #expect(EmptyResult(json: ["resultType": "task"]).resultType == .task)
        #expect(EmptyResult(json: ["resultType": "other"]).resultType == "other")
    }

    @Test func errorsOfTheProtocolCarryTheirData() throws {
        let version = RPCError.unsupportedProtocolVersion(requested: "1900-01-01", supported: ["2026-07-28"])
        #expect(version.errorCode == .unsupportedProtocolVersion)
        #expect(version.data == ["supported": ["2026-07-28"], "requested": "1900-01-01"])
        var capabilities = ClientCapabilities()
        capabilities.declare(.sampling)
        let missing = RPCError.missingRequiredClientCapability(capabilities)
        #expect(missing.errorCode == .missingRequiredClientCapability)
        #expect(missing.data == ["requiredCapabilities": ["sampling": [:]]])
        #expect(RPCError.headerMismatch("Mcp-Method").errorCode == .headerMismatch)
    }

    @Test func aMissingResourceHasTheCodeOfItsRevision() {
        #expect(RPCError.resourceNotFound("a:b", in: .v2025_11_25).errorCode == .resourceNotFound)
        #expect(RPCError.resourceNotFound("a:b", in: .v2026_07_28).errorCode == .invalidParams)
        #expect(RPCError.resourceNotFound("a:b", in: .v2026_07_28).data == ["uri": "a:b"])
    }

    @Test func builtResultsOfAServerAreValidInBothEras() {
        let info = Implementation(name: "s", version: "1")
        let hello = InitializeResult(revision: .v2025_11_25, capabilities: ServerCapabilities(), serverInfo: info)
        #expect(hello.problems(in: .v2025_11_25) == [])
        #expect(hello.serverInfo?.name == "s")
        var found = DiscoverResult(supportedVersions: [.v2026_07_28], capabilities: ServerCapabilities())
        found.resultType = .complete
        found.ttlMs = 0
        found.cacheScope = .private
        found.meta = [MetaKey.serverInfo.rawValue: info.jsonValue]
        #expect(found.problems(in: .v2026_07_28) == [])
        #expect(found.serverInfo?.name == "s")
    }
}
