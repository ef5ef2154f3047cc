import Foundation
import JSON
import JSONRPC
import MCP
import Testing

/// Reads the official example messages as our types and writes them again.
@Suite(.enabled(if: SharedData.isThere, "the official examples are not beside this package"))
struct ExampleMessagesTests {
    @Test func thereAreAsManyExamplesAsWeKnow() throws {
        #expect(try ExampleMessage.all().count == 129)
    }

    @Test(arguments: (try? ExampleMessage.all()) ?? [])
    func anExampleIsValidAndSurvivesExactly(example: ExampleMessage) throws {
        let written = try example.throughTypes()
        #expect(written.isIdentical(to: example.value))
        #expect(try JSONValue(parsing: written.description).isIdentical(to: example.value))
    }
}

/// One example message of the newest schema.
struct ExampleMessage: Sendable, CustomTestStringConvertible {
    /// The name of its type.
    let type: String
    let file: URL
    let value: JSONValue

    var testDescription: String { "\(type)/\(file.lastPathComponent)" }

    static func all() throws -> [ExampleMessage] {
        guard SharedData.isThere else { return [] }
        let folder = SharedData.schemas.appendingPathComponent("\(Revision.v2026_07_28.wireName)/examples")
        let manager = FileManager.default
        return try manager.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).flatMap { type in
            try manager.contentsOfDirectory(at: type, includingPropertiesForKeys: nil).map { file in
                ExampleMessage(type: type.lastPathComponent, file: file, value: try SharedData.json(file))
            }
        }.sorted { $0.testDescription < $1.testDescription }
    }

    /// Reads the message as our types, which must find no problem, and returns what they write.
    func throughTypes() throws -> JSONValue {
        if let view = Self.views[type] { return try checked(value, as: view) }
        if let error = value["error"] { return try replacing("error", by: errorThroughTypes(error)) }
        switch type {
        case "InputRequests": return try mapped { try checked($0, as: InputRequest.self) }
        case "InputResponses": return try mapped { try checked($0, as: Self.response(to: $0)) }
        case _ where type.hasSuffix("ResultResponse"):
            let result = try #require(value["result"])
            let view = try #require(Self.views[String(type.dropLast("Response".count))])
            return try replacing("result", by: checked(result, as: view))
        case _ where type.hasSuffix("Error"): return try errorThroughTypes(value)
        default: return try messageThroughTypes()
        }
    }

    private func messageThroughTypes() throws -> JSONValue {
        let name = try #require(value["method"]?.string)
        let method = Method(rawValue: name)
        let view = try #require(
            AnySignature.all[method]?.params
                ?? AnySignature.notifications[NotificationName(rawValue: name)]
        )
        #expect(
            Revision.v2026_07_28.profile.allows(method, .clientToServer) || type.hasSuffix("Notification")
                || Revision.v2026_07_28.profile.allows(method, .inResult)
        )
        guard let params = value["params"] else { return value }
        return try replacing("params", by: checked(params, as: view))
    }

    private func errorThroughTypes(_ error: JSONValue) throws -> JSONValue {
        let code = ErrorCode(rawValue: try #require(error["code"]?.int))
        #expect(code.name.map { $0 + "Error" } == type || code.name == type)
        #expect(Revision.v2026_07_28.profile.meaning(of: code) != nil)
        let rpc = RPCError(code: code.rawValue, message: try #require(error["message"]?.string), data: error["data"])
        if let data = rpc.data, let view = Self.errorData[code] { _ = try checked(data, as: view) }
        return .object(rpc.json)
    }

    private func checked(_ value: JSONValue, as type: any JSONObjectView.Type) throws -> JSONValue {
        let view = type.init(json: try #require(value.object))
        #expect(view.problems(in: .v2026_07_28).map(\.description) == Self.faults[testDescription] ?? [])
        let accessors = AccessorList.all.first {
            $0.testDescription == (type == SamplingContent.self ? "ContentBlock" : "\(type)")
        }
        #expect(try #require(accessors).unseen(view.json) == [])
        return view.jsonValue
    }

    private func replacing(_ name: String, by part: JSONValue) throws -> JSONValue {
        var object = try #require(value.object)
        object[name] = part
        return .object(object)
    }

    private func mapped(_ change: (JSONValue) throws -> JSONValue) throws -> JSONValue {
        var object = try #require(value.object)
        for member in object.members { object[member.key] = try change(member.value) }
        return .object(object)
    }

    private static func response(to value: JSONValue) -> any JSONObjectView.Type {
        if value["action"] != nil { return ElicitResult.self }
        return value["roots"] == nil ? CreateMessageResult.self : ListRootsResult.self
    }

    /// The known problems of the examples.
    private static let faults = [
        "ReadResourceResultResponse/read-resource-result-response.json": [
            "Required member `ttlMs` is missing (revision 2026-07-28); expected an integer of at least 0.",
            #"Required member `cacheScope` is missing (revision 2026-07-28); expected one of "public", "private"."#,
        ]
    ]

    private static let errorData: [ErrorCode: any JSONObjectView.Type] = [
        .unsupportedProtocolVersion: UnsupportedVersionData.self,
        .missingRequiredClientCapability: MissingCapabilityData.self,
    ]

    /// Our types by their names in the schema.
    private static let views: [String: any JSONObjectView.Type] = [
        "AudioContent": ContentBlock.self,
        "BlobResourceContents": ResourceContents.self,
        "BooleanSchema": ElicitationField.self,
        "CallToolRequestParams": CallToolParams.self,
        "CallToolResult": CallToolResult.self,
        "CancelledNotificationParams": CancelledParams.self,
        "ClientCapabilities": ClientCapabilities.self,
        "CompleteRequestParams": CompleteParams.self,
        "CompleteResult": CompleteResult.self,
        "CreateMessageRequestParams": CreateMessageParams.self,
        "CreateMessageResult": CreateMessageResult.self,
        "DiscoverResult": DiscoverResult.self,
        "ElicitRequestFormParams": ElicitParams.self,
        "ElicitRequestURLParams": ElicitParams.self,
        "ElicitResult": ElicitResult.self,
        "EmbeddedResource": ContentBlock.self,
        "GetPromptRequestParams": GetPromptParams.self,
        "GetPromptResult": GetPromptResult.self,
        "ImageContent": ContentBlock.self,
        "InputRequiredResult": InputRequiredResult.self,
        "ListPromptsResult": ListPromptsResult.self,
        "ListResourceTemplatesResult": ListResourceTemplatesResult.self,
        "ListResourcesResult": ListResourcesResult.self,
        "ListRootsResult": ListRootsResult.self,
        "ListToolsResult": ListToolsResult.self,
        "LoggingMessageNotificationParams": LogMessageParams.self,
        "ModelPreferences": ModelPreferences.self,
        "NumberSchema": ElicitationField.self,
        "PaginatedRequestParams": PaginatedParams.self,
        "ProgressNotificationParams": ProgressParams.self,
        "ReadResourceResult": ReadResourceResult.self,
        "Resource": Resource.self,
        "ResourceLink": ContentBlock.self,
        "ResourceUpdatedNotificationParams": ResourceUpdatedParams.self,
        "Root": Root.self,
        "SamplingMessage": SamplingMessage.self,
        "ServerCapabilities": ServerCapabilities.self,
        "StringSchema": ElicitationField.self,
        "SubscriptionsListenResult": ListenResult.self,
        "TextContent": ContentBlock.self,
        "TextResourceContents": ResourceContents.self,
        "TitledMultiSelectEnumSchema": ElicitationField.self,
        "TitledSingleSelectEnumSchema": ElicitationField.self,
        "Tool": Tool.self,
        "ToolResultContent": SamplingContent.self,
        "ToolUseContent": SamplingContent.self,
        "UntitledMultiSelectEnumSchema": ElicitationField.self,
        "UntitledSingleSelectEnumSchema": ElicitationField.self,
    ]
}
