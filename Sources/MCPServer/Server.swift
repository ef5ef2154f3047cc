public import JSON
import JSONSchema
public import MCP
import MCPTransport

/// An MCP server as a value: its identity, its features and their handlers.
///
/// Register everything first, then serve the value with a ``ServerSession`` per host.
public struct Server: Sendable {
    /// Serves a tool call.
    ///
    /// A thrown ``RPCError`` is sent to the client. Of any other error the client learns only that the call failed. To
    /// report a failure that the model should read, return ``ToolOutput/failure(_:)``.
    public typealias ToolHandler = @Sendable (RequestContext, ToolArguments) async throws -> HandlerOutcome<ToolOutput>

    /// Reads a resource, or throws ``ResourceNotFound``.
    public typealias ResourceHandler =
        @Sendable (RequestContext, ResourceRequest) async throws -> HandlerOutcome<[ResourceContents]>

    /// Fills in a prompt.
    ///
    /// All required arguments are present.
    public typealias PromptHandler =
        @Sendable (RequestContext, _ arguments: [String: String]) async throws -> HandlerOutcome<GetPromptResult>

    /// Returns all possible values of an argument, best first.
    ///
    /// The server truncates the list to the protocol's limit.
    public typealias CompletionHandler = @Sendable (RequestContext, CompleteParams) async throws -> [String]

    /// Serves a method of an extension: receives the parameters, returns the result.
    ///
    /// A thrown ``RPCError`` is sent to the client.
    public typealias ExtensionHandler = @Sendable (RequestContext, _ params: JSONObject) async throws -> JSONObject

    /// The name, version and description of the server.
    public var info: Implementation
    /// Instructions for the model on how to use the server.
    public var instructions: String?
    /// The number of items per page of a list; nil puts all items on one page.
    public var pageSize: Int?
    /// The clients that receive log messages of handlers.
    public var logging = LoggingSupport.never
    /// The time in milliseconds for which clients may cache lists and resources.
    public var cacheLifetime = 0
    /// The clients that may share a cached result.
    public var cacheScope = CacheScope.private
    /// Delivers changes to hosts.
    ///
    /// Without a bus the server declares no change notifications.
    public var changes: ChangeBus?
    /// How tasks are kept, if any tool supports them.
    public var tasks = TaskSettings()
    /// How long and how often a handler's state is accepted when it comes back with the responses to input requests.
    public var requestStates = RequestStatePolicy()
    /// Whether a handler runs again if the client rejects an input request or disconnects (default: its request fails).
    ///
    /// The handler finds the errors in ``RequestContext/inputErrors``. A stateless client cannot reject an input request; it
    /// can only drop its request.
    public var deliversInputErrors = false
    /// Called once after the last request of a session.
    public var onSessionEnd: (@Sendable (_ session: String) async -> Void)?

    var tools = Registry<ToolEntry>()
    var resources = Registry<ResourceEntry>()
    var templates = Registry<TemplateEntry>()
    var prompts = Registry<PromptEntry>()
    var completions = Registry<CompletionHandler>()
    /// The declared extensions with their settings.
    var extensions = JSONObject()
    var extensionMethods: [Method: ExtensionHandler] = [:]

    /// Creates a server without features.
    public init(info: Implementation, instructions: String? = nil) {
        self.info = info
        self.instructions = instructions
    }

    /// Whether calls of any tool can become tasks.
    var offersTasks: Bool { tools.entries.contains { $0.tasks != .forbidden } }

    /// Whether a URI names a resource or matches a template.
    func hasResource(_ uri: String) -> Bool {
        resources[uri] != nil || templates.entries.contains { $0.pattern.match(uri) != nil }
    }
}

/// A class, because it is looked up for each call.
final class ToolEntry: Sendable {
    let tool: Tool
    /// The schema of the arguments; nil if they are not checked.
    let schema: JSONSchema?
    /// The arguments that HTTP requests repeat in headers.
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
    /// Adds the declaration of task support, unless tasks are forbidden, which is the default.
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
    /// Whether `resources/list` shows it.
    let isListed: Bool
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
