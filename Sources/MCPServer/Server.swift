import JSON
import JSONSchema
public import MCP
import MCPTransport

/// A server as a value: what it is, what it offers and how that is done.
///
/// A ``ServerSession`` serves it to one host. Everything is registered before and does not change afterwards.
public struct Server: Sendable {
    /// Serves a tool call.
    ///
    /// An ``RPCError`` that it throws is what the client gets; of any other error it learns only that there was one. What
    /// the tool's user should read is not thrown but returned, as ``ToolOutput/failure(_:)``.
    public typealias ToolHandler = @Sendable (RequestContext, ToolArguments) async throws -> HandlerOutcome<ToolOutput>

    /// Reads a resource; throws ``ResourceNotFound`` where there is none.
    public typealias ResourceHandler =
        @Sendable (RequestContext, ResourceRequest) async throws -> HandlerOutcome<[ResourceContents]>

    /// Fills in a prompt; the required arguments are there.
    public typealias PromptHandler =
        @Sendable (RequestContext, _ arguments: [String: String]) async throws -> HandlerOutcome<GetPromptResult>

    /// Gives all values that an argument could have, the best first; no more than the protocol allows are sent.
    public typealias CompletionHandler = @Sendable (RequestContext, CompleteParams) async throws -> [String]

    /// The name and version that it gives itself.
    public var info: Implementation
    /// How to use it, for the model.
    public var instructions: String?
    /// How many things one page of a list has; nothing means that all are on one.
    public var pageSize: Int?
    /// Whether its handlers log.
    public var logs = false
    /// For how many milliseconds its lists and resources may be kept by a client.
    public var cacheLifetime = 0
    /// Who may be given what was kept.
    public var cacheScope = CacheScope.private
    /// Tells hosts what has changed; without one the server declares that nothing of it changes.
    public var changes: ChangeBus?
    /// How tasks are kept, if a tool supports them.
    public var tasks = TaskTerms()
    /// How long the state that handlers give with their questions is taken back.
    public var requestStates = RequestStatePolicy()
    /// Whether a handler is run again also when the client answers a question by an error, or leaves.
    ///
    /// It finds that in ``RequestContext/inputErrors``. Otherwise its request fails.
    /// In the modern era a client has no way to refuse but not to come back.
    public var tellsRefusals = false
    /// Is called once when a conversation has ended, after its last request.
    public var onSessionEnd: (@Sendable (_ session: String) async -> Void)?

    var tools = Registry<ToolEntry>()
    var resources = Registry<ResourceEntry>()
    var templates = Registry<TemplateEntry>()
    var prompts = Registry<PromptEntry>()
    var completions = Registry<CompletionHandler>()

    /// Creates a server that offers nothing yet.
    public init(info: Implementation, instructions: String? = nil) {
        self.info = info
        self.instructions = instructions
    }

    /// What it declares: that of which it has something.
    public var capabilities: ServerCapabilities {
        var capabilities = ServerCapabilities()
        if !tools.isEmpty { capabilities.declare(.tools) }
        if !resources.isEmpty || !templates.isEmpty { capabilities.declare(.resources) }
        if !prompts.isEmpty { capabilities.declare(.prompts) }
        if !completions.isEmpty { capabilities.declare(.completions) }
        if logs { capabilities.declare(.logging) }
        let kinds = changes?.kinds ?? []
        if kinds.contains(.tools) { capabilities.declare(.toolsListChanged) }
        if kinds.contains(.prompts) { capabilities.declare(.promptsListChanged) }
        if kinds.contains(.resources) { capabilities.declare(.resourcesListChanged) }
        if kinds.contains(.content) { capabilities.declare(.resourcesSubscribe) }
        if offersTasks {
            for path in [.tasksList, .tasksCancel, .tasksToolsCall] as [CapabilityPath] { capabilities.declare(path) }
            capabilities.declareExtension(.tasks)
        }
        return capabilities
    }

    /// Whether calls of one of its tools can become tasks.
    var offersTasks: Bool { tools.entries.contains { $0.tasks != .forbidden } }

    /// Tells whether a URI is that of a resource, or of one that a template describes.
    func hasResource(_ uri: String) -> Bool {
        resources[uri] != nil || templates.entries.contains { $0.pattern.match(uri) != nil }
    }
}

struct ToolEntry: Sendable {
    let tool: Tool
    /// What arguments are checked against; nothing for a tool that takes them unchecked.
    let schema: JSONSchema?
    /// The arguments that requests over HTTP repeat in their heads.
    let mirrored: [MirroredArgument]
    let tasks: TaskSupport
    let handler: Server.ToolHandler

    init(_ tool: Tool, schema: JSONSchema?, tasks: TaskSupport, _ handler: @escaping Server.ToolHandler) {
        self.tool = tool.declaring(tasks)
        self.schema = schema
        self.tasks = tasks
        mirrored = MirroredArguments(inputSchema: tool.inputSchema).arguments
        self.handler = handler
    }
}

extension Tool {
    /// The tool with what it says about tasks; it says nothing where they are forbidden.
    fileprivate func declaring(_ tasks: TaskSupport) -> Tool {
        guard tasks != .forbidden else { return self }
        var execution = ToolExecution(json: [:])
        execution.taskSupport = tasks == .required ? "required" : "optional"
        var tool = self
        tool.execution = execution
        return tool
    }
}

struct ResourceEntry: Sendable {
    let resource: Resource
    let handler: Server.ResourceHandler
}

struct TemplateEntry: Sendable {
    let template: ResourceTemplate
    let pattern: URITemplate
    let handler: Server.ResourceHandler
}

struct PromptEntry: Sendable {
    let prompt: Prompt
    let handler: Server.PromptHandler
}
