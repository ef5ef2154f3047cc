import MCP

extension AccessorList {
    static let all: [AccessorList] = lifecycle + features + clientFeatures + others

    private static let lifecycle: [AccessorList] = [
        .init(
            Implementation.self,
            [
                "name": \.name, "title": \.title, "version": \.version, "description": \.description,
                "websiteUrl": \.websiteUrl, "icons": \.icons,
            ]
        ),
        .init(Icon.self, ["src": \.src, "mimeType": \.mimeType, "sizes": \.sizes, "theme": \.theme]),
        .init(Annotations.self, ["audience": \.audience, "priority": \.priority, "lastModified": \.lastModified]),
        .init(
            ClientCapabilities.self,
            [
                "experimental": \.experimental, "extensions": \.extensions, "roots": \.roots, "sampling": \.sampling,
                "elicitation": \.elicitation, "tasks": \.tasks,
            ]
        ),
        .init(
            ServerCapabilities.self,
            [
                "experimental": \.experimental, "extensions": \.extensions, "tools": \.tools,
                "resources": \.resources, "prompts": \.prompts, "completions": \.completions,
                "logging": \.logging, "tasks": \.tasks,
            ]
        ),
        .init(
            InitializeParams.self,
            ["protocolVersion": \.protocolVersion, "capabilities": \.capabilities, "clientInfo": \.clientInfo]
        ),
        .init(
            InitializeResult.self,
            [
                "protocolVersion": \.protocolVersion, "capabilities": \.capabilities, "serverInfo": \.serverInfo,
                "instructions": \.instructions, "resultType": \.resultType,
            ]
        ),
        .init(
            DiscoverResult.self,
            [
                "supportedVersions": \.supportedVersions, "capabilities": \.capabilities,
                "instructions": \.instructions, "resultType": \.resultType, "ttlMs": \.ttlMs,
                "cacheScope": \.cacheScope,
            ]
        ),
        .init(
            RequestMeta.self,
            [
                "progressToken": \.progressToken,
                "io.modelcontextprotocol/protocolVersion": \.protocolVersion,
                "io.modelcontextprotocol/clientCapabilities": \.clientCapabilities,
                "io.modelcontextprotocol/clientInfo": \.clientInfo,
                "io.modelcontextprotocol/logLevel": \.logLevel,
            ]
        ),
        .init(EmptyParams.self, [:]),
        .init(EmptyResult.self, ["resultType": \.resultType]),
        .init(NotificationParams.self, [:]),
        .init(PaginatedParams.self, ["cursor": \.cursor]),
    ]

    private static let features: [AccessorList] = [
        .init(
            Tool.self,
            [
                "name": \.name, "title": \.title, "description": \.description, "inputSchema": \.inputSchema,
                "outputSchema": \.outputSchema, "annotations": \.annotations, "icons": \.icons,
                "execution": \.execution,
            ]
        ),
        .init(
            ToolAnnotations.self,
            [
                "title": \.title, "readOnlyHint": \.readOnlyHint, "destructiveHint": \.destructiveHint,
                "idempotentHint": \.idempotentHint, "openWorldHint": \.openWorldHint,
            ]
        ),
        .init(ToolExecution.self, ["taskSupport": \.taskSupport]),
        .init(
            CallToolParams.self,
            [
                "name": \.name, "arguments": \.arguments, "task": \.task, "inputResponses": \.inputResponses,
                "requestState": \.requestState,
            ]
        ),
        .init(
            CallToolResult.self,
            [
                "content": \.content, "structuredContent": \.structuredContent, "isError": \.isError,
                "resultType": \.resultType,
            ]
        ),
        .page(ListToolsResult.self, "tools", \.tools),
        .page(ListResourcesResult.self, "resources", \.resources),
        .page(ListResourceTemplatesResult.self, "resourceTemplates", \.resourceTemplates),
        .page(ListPromptsResult.self, "prompts", \.prompts),
        .init(
            Resource.self,
            [
                "name": \.name, "title": \.title, "uri": \.uri, "description": \.description, "size": \.size,
                "mimeType": \.mimeType, "annotations": \.annotations, "icons": \.icons,
            ]
        ),
        .init(
            ResourceTemplate.self,
            [
                "name": \.name, "title": \.title, "uriTemplate": \.uriTemplate, "description": \.description,
                "mimeType": \.mimeType, "annotations": \.annotations, "icons": \.icons,
            ]
        ),
        .init(ResourceContents.self, ["uri": \.uri, "mimeType": \.mimeType, "text": \.text, "blob": \.blob]),
        .init(
            ReadResourceParams.self,
            ["uri": \.uri, "inputResponses": \.inputResponses, "requestState": \.requestState]
        ),
        .init(
            ReadResourceResult.self,
            [
                "contents": \.contents, "resultType": \.resultType, "ttlMs": \.ttlMs, "cacheScope": \.cacheScope,
            ]
        ),
        .init(ResourceParams.self, ["uri": \.uri]),
        .init(ResourceUpdatedParams.self, ["uri": \.uri]),
        .init(
            Prompt.self,
            [
                "name": \.name, "title": \.title, "description": \.description, "arguments": \.arguments,
                "icons": \.icons,
            ]
        ),
        .init(
            PromptArgument.self,
            ["name": \.name, "title": \.title, "description": \.description, "required": \.required]
        ),
        .init(PromptMessage.self, ["role": \.role, "content": \.content]),
        .init(
            GetPromptParams.self,
            [
                "name": \.name, "arguments": \.arguments, "inputResponses": \.inputResponses,
                "requestState": \.requestState,
            ]
        ),
        .init(
            GetPromptResult.self,
            ["description": \.description, "messages": \.messages, "resultType": \.resultType]
        ),
        .init(CompleteParams.self, ["ref": \.ref, "argument": \.argument, "context": \.context]),
        .init(CompletionArgument.self, ["name": \.name, "value": \.value]),
        .init(
            CompletionReference.self,
            ["type": \.type, "name": \.name, "title": \.title, "uri": \.uri],
            members: Array(CompletionReference.variants.values.joined())
        ),
        .init(CompleteResult.self, ["completion": \.completion, "resultType": \.resultType]),
        .init(Completion.self, ["values": \.values, "total": \.total, "hasMore": \.hasMore]),
        .init(SetLevelParams.self, ["level": \.level]),
        .init(LogMessageParams.self, ["level": \.level, "logger": \.logger, "data": \.data]),
    ]

    private static let clientFeatures: [AccessorList] = [
        .init(
            CreateMessageParams.self,
            [
                "messages": \.messages, "maxTokens": \.maxTokens, "modelPreferences": \.modelPreferences,
                "systemPrompt": \.systemPrompt, "includeContext": \.includeContext, "temperature": \.temperature,
                "stopSequences": \.stopSequences, "metadata": \.metadata, "tools": \.tools,
                "toolChoice": \.toolChoice, "task": \.task,
            ]
        ),
        .init(
            CreateMessageResult.self,
            ["role": \.role, "content": \.content, "model": \.model, "stopReason": \.stopReason]
        ),
        .init(SamplingMessage.self, ["role": \.role, "content": \.content]),
        .init(
            ModelPreferences.self,
            [
                "hints": \.hints, "costPriority": \.costPriority, "speedPriority": \.speedPriority,
                "intelligencePriority": \.intelligencePriority,
            ]
        ),
        .init(ModelHint.self, ["name": \.name]),
        .init(ToolChoice.self, ["mode": \.mode]),
        .init(
            ElicitParams.self,
            [
                "mode": \.mode, "message": \.message, "requestedSchema": \.requestedSchema, "url": \.url,
                "elicitationId": \.elicitationID, "task": \.task,
            ]
        ),
        .init(
            ElicitationSchema.self,
            ["properties": \.properties, "required": \.required],
            members: ElicitationSchema.members.filter { $0.name != "type" }
        ),
        .init(
            ElicitationField.self,
            [
                "type": \.type, "title": \.title, "description": \.description, "default": \.default,
                "minLength": \.minLength, "maxLength": \.maxLength, "format": \.format, "minimum": \.minimum,
                "maximum": \.maximum, "enum": \.enum, "enumNames": \.enumNames, "oneOf": \.oneOf,
                "items": \.items, "minItems": \.minItems, "maxItems": \.maxItems,
            ],
            members: Array(ElicitationField.variants.values.joined())
        ),
        .init(ElicitResult.self, ["action": \.action, "content": \.content]),
        .init(ElicitationCompleteParams.self, ["elicitationId": \.elicitationID]),
        .init(Root.self, ["uri": \.uri, "name": \.name]),
        .init(ListRootsParams.self, [:]),
        .init(ListRootsResult.self, ["roots": \.roots]),
        .init(InputRequest.self, ["method": \.method, "params": \.params]),
        .init(
            InputRequiredResult.self,
            ["inputRequests": \.inputRequests, "requestState": \.requestState, "resultType": \.resultType]
        ),
    ]
}
