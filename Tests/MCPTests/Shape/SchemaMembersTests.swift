import JSON
import MCP
import Testing

/// Checks the member rules of our types against the official schemas: names, requirements, types, constants and bounds.
@Suite(.enabled(if: SharedData.isThere, "the official schemas are not beside this package"))
struct SchemaMembersTests {
    @Test(arguments: Revision.allCases)
    func membersOfTypesAreThoseOfTheSchema(revision: Revision) throws {
        var comparison = SchemaComparison(schema: try OfficialSchema(of: revision), revision: revision)
        for (name, members) in Self.definitions { comparison.compare(name, members) }
        #expect(comparison.differences == [])
    }

    @Test(arguments: Revision.allCases)
    func parametersAreThoseOfTheSchema(revision: Revision) throws {
        let schema = try OfficialSchema(of: revision)
        var comparison = SchemaComparison(schema: schema, revision: revision)
        for union in ["ClientRequest", "ServerRequest", "InputRequest"] {
            for (method, params) in schema.messages(union) where schema.resolve(params)["anyOf"] == nil {
                let signature = try #require(AnySignature.all[Method(rawValue: method)])
                // Most requests of the older schemas inherit `_meta`.
                let inherited: Set<String> = revision.era == .legacy ? ["_meta"] : []
                comparison.compare(params, signature.params.members, at: method, inherited: inherited)
            }
        }
        for union in ["ClientNotification", "ServerNotification"] {
            for (name, params) in schema.messages(union) {
                let type = try #require(AnySignature.notifications[NotificationName(rawValue: name)])
                comparison.compare(params, type.members, at: name, inherited: ["_meta"])
            }
        }
        #expect(comparison.differences == [])
    }

    @Test(arguments: Revision.allCases)
    func everyDefinitionOfTheSchemaIsCovered(revision: Revision) throws {
        let schema = try OfficialSchema(of: revision)
        var comparison = SchemaComparison(schema: schema, revision: revision)
        for (name, members) in Self.definitions { comparison.compare(name, members) }
        for union in ["ClientRequest", "ServerRequest", "InputRequest", "ClientNotification", "ServerNotification"] {
            for (method, params) in schema.messages(union) {
                let members =
                    AnySignature.all[Method(rawValue: method)]?.params.members
                    ?? AnySignature.notifications[NotificationName(rawValue: method)]?.members ?? []
                comparison.compare(
                    ["properties": ["params": params]],
                    [.optional("params", .object(members))],
                    at: method
                )
            }
        }
        let forgotten = schema.definitions.members.filter { definition in
            let isObject = schema.types(definition.value) == ["object"] && definition.value["anyOf"] == nil
            return isObject && !comparison.visited.contains(definition.key)
                && !Self.isEnvelope(definition.key, definition.value)
        }
        #expect(forgotten.map(\.key) == [])
    }

    /// Messages that contain our types, and definitions that others extend.
    private static func isEnvelope(_ name: String, _ definition: JSONValue) -> Bool {
        let properties = definition["properties"]?.object
        return properties?["method"] != nil || properties?["jsonrpc"] != nil || properties?["code"] != nil
            || general.contains(name)
    }

    private static let general: Set<String> = [
        "Annotated", "BaseMetadata", "Icons", "JSONObject", "MetaObject", "ResourceRequestParams", "RequestParams",
        "InputRequests", "InputResponses", "InputResponseRequestParams", "TaskAugmentedRequestParams",
        "RelatedTaskMetadata", "ClientResult", "CacheableResult", "PaginatedResult", "NotificationParams",
    ]

    /// Our member rules by definition.
    private static let definitions: [(String, [Member])] = [
        ("Annotations", Annotations.members),
        ("BlobResourceContents", ResourceContents.members.requiring("blob", without: "text")),
        ("BooleanSchema", ElicitationField.variants[.boolean] ?? []),
        ("CallToolResult", CallToolResult.members),
        ("CancelTaskResult", CancelTaskResult.members),
        ("ClientCapabilities", ClientCapabilities.members),
        ("CompleteResult", CompleteResult.members),
        ("CreateMessageResult", CreateMessageResult.members),
        ("CreateTaskResult", CreateTaskResult.members),
        ("DiscoverResult", DiscoverResult.members),
        ("ElicitRequestFormParams", ElicitParams.formMembers),
        ("ElicitRequestURLParams", ElicitParams.urlMembers),
        ("ElicitResult", ElicitResult.members),
        ("EmptyResult", EmptyResult.members),
        ("EnumSchema", ElicitationField.variants[.namedChoice] ?? []),
        ("GetPromptResult", GetPromptResult.members),
        ("GetTaskPayloadResult", EmptyResult.members),
        ("GetTaskResult", GetTaskResult.members),
        ("Implementation", Implementation.members),
        ("InitializeResult", InitializeResult.members),
        ("InputRequiredResult", InputRequiredResult.members),
        ("LegacyTitledEnumSchema", ElicitationField.variants[.namedChoice] ?? []),
        ("ListPromptsResult", ListPromptsResult.members),
        ("ListResourceTemplatesResult", ListResourceTemplatesResult.members),
        ("ListResourcesResult", ListResourcesResult.members),
        ("ListRootsResult", ListRootsResult.members),
        ("ListTasksResult", ListTasksResult.members),
        ("ListToolsResult", ListToolsResult.members),
        ("NumberSchema", ElicitationField.variants[.number] ?? []),
        ("PromptReference", CompletionReference.variants["ref/prompt"] ?? []),
        ("ReadResourceResult", ReadResourceResult.members),
        ("ResourceContents", ResourceContents.members.filter { !["text", "blob"].contains($0.name) }),
        ("ResourceReference", CompletionReference.variants["ref/resource"] ?? []),
        ("ResourceTemplateReference", CompletionReference.variants["ref/resource"] ?? []),
        ("Result", EmptyResult.members),
        ("ServerCapabilities", ServerCapabilities.members),
        ("StringSchema", ElicitationField.variants[.string] ?? []),
        ("SubscriptionFilter", SubscriptionFilter.members),
        ("SubscriptionsListenResult", ListenResult.members),
        ("TextResourceContents", ResourceContents.members.requiring("text", without: "blob")),
        ("TitledMultiSelectEnumSchema", ElicitationField.variants[.titledChoices] ?? []),
        ("TitledSingleSelectEnumSchema", ElicitationField.variants[.titledChoice] ?? []),
        ("UntitledMultiSelectEnumSchema", ElicitationField.variants[.choices] ?? []),
        ("UntitledSingleSelectEnumSchema", ElicitationField.variants[.choice] ?? []),
        ("AudioContent", ContentBlock.variants[.audio] ?? []),
        ("EmbeddedResource", ContentBlock.variants[.resource] ?? []),
        ("ImageContent", ContentBlock.variants[.image] ?? []),
        ("ResourceLink", ContentBlock.variants[.resourceLink] ?? []),
        ("TextContent", ContentBlock.variants[.text] ?? []),
        ("ToolResultContent", ContentBlock.variants[.toolResult] ?? []),
        ("ToolUseContent", ContentBlock.variants[.toolUse] ?? []),
    ]
}

extension [Member] {
    fileprivate func requiring(_ required: String, without other: String) -> [Member] {
        compactMap { member in
            switch member.name {
            case required: .required(required, member.shape)
            case other: nil
            default: member
            }
        }
    }
}
