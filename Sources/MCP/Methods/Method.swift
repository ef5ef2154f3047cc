/// The name of a request.
///
/// ``RevisionProfile`` lists the methods of each revision and their directions.
public struct Method: OpenSet {
    /// The name on the wire.
    public let rawValue: String

    /// Creates a name, known or unknown.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    // MARK: Lifecycle

    /// Opens a legacy session.
    public static let initialize: Method = "initialize"
    /// Requests the identity and capabilities of a stateless server.
    public static let serverDiscover: Method = "server/discover"
    /// Checks whether the peer responds.
    public static let ping: Method = "ping"

    // MARK: Features of the server

    /// Lists tools.
    public static let toolsList: Method = "tools/list"
    /// Creates parameters that call a tool.
    public static let toolsCall: Method = "tools/call"
    /// Lists resources.
    public static let resourcesList: Method = "resources/list"
    /// Lists resource templates.
    public static let resourcesTemplatesList: Method = "resources/templates/list"
    /// Reads a resource.
    public static let resourcesRead: Method = "resources/read"
    /// Subscribes to changes of a resource.
    public static let resourcesSubscribe: Method = "resources/subscribe"
    /// Cancels a `resources/subscribe`.
    public static let resourcesUnsubscribe: Method = "resources/unsubscribe"
    /// Lists prompts.
    public static let promptsList: Method = "prompts/list"
    /// Gets a prompt with its arguments filled in.
    public static let promptsGet: Method = "prompts/get"
    /// Creates parameters that request completions of an argument.
    public static let completionComplete: Method = "completion/complete"
    /// Sets the minimum log level of a session.
    public static let loggingSetLevel: Method = "logging/setLevel"
    /// Opens a stream of change notifications.
    public static let subscriptionsListen: Method = "subscriptions/listen"

    // MARK: Features of the client

    /// Requests a message from the client's model.
    public static let samplingCreateMessage: Method = "sampling/createMessage"
    /// Requests the client's root directories.
    public static let rootsList: Method = "roots/list"
    /// Requests input from the user.
    public static let elicitationCreate: Method = "elicitation/create"

    // MARK: Tasks

    /// Gets the status of a task.
    public static let tasksGet: Method = "tasks/get"
    /// Waits for the result of a task.
    public static let tasksResult: Method = "tasks/result"
    /// Lists tasks.
    public static let tasksList: Method = "tasks/list"
    /// Cancels a task.
    public static let tasksCancel: Method = "tasks/cancel"
    /// Provides input that a task requested.
    public static let tasksUpdate: Method = "tasks/update"
}
