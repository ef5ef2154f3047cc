/// The name of a request.
///
/// Which revision has which method, and in which direction, stands in ``RevisionProfile``.
public struct Method: OpenSet {
    /// The name on the wire.
    public let rawValue: String

    /// Creates a name, known or not.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    // MARK: Lifecycle

    /// Opens a legacy session.
    public static let initialize: Method = "initialize"
    /// Asks what a modern server is and can do.
    public static let serverDiscover: Method = "server/discover"
    /// Asks whether the peer is there.
    public static let ping: Method = "ping"

    // MARK: Features of the server

    /// Lists tools.
    public static let toolsList: Method = "tools/list"
    /// Calls a tool.
    public static let toolsCall: Method = "tools/call"
    /// Lists resources.
    public static let resourcesList: Method = "resources/list"
    /// Lists resource templates.
    public static let resourcesTemplatesList: Method = "resources/templates/list"
    /// Reads a resource.
    public static let resourcesRead: Method = "resources/read"
    /// Asks to be told when a resource changes.
    public static let resourcesSubscribe: Method = "resources/subscribe"
    /// Ends what `resources/subscribe` began.
    public static let resourcesUnsubscribe: Method = "resources/unsubscribe"
    /// Lists prompts.
    public static let promptsList: Method = "prompts/list"
    /// Fills a prompt in.
    public static let promptsGet: Method = "prompts/get"
    /// Asks how an argument could go on.
    public static let completionComplete: Method = "completion/complete"
    /// Sets from which level on a session's server logs.
    public static let loggingSetLevel: Method = "logging/setLevel"
    /// Opens a stream of change notifications.
    public static let subscriptionsListen: Method = "subscriptions/listen"

    // MARK: Features of the client

    /// Asks the client's model.
    public static let samplingCreateMessage: Method = "sampling/createMessage"
    /// Asks for the client's root directories.
    public static let rootsList: Method = "roots/list"
    /// Asks the user.
    public static let elicitationCreate: Method = "elicitation/create"

    // MARK: Tasks

    /// Asks how a task stands.
    public static let tasksGet: Method = "tasks/get"
    /// Waits for the result of a task.
    public static let tasksResult: Method = "tasks/result"
    /// Lists tasks.
    public static let tasksList: Method = "tasks/list"
    /// Calls a task off.
    public static let tasksCancel: Method = "tasks/cancel"
    /// Gives a task the input that it asked for.
    public static let tasksUpdate: Method = "tasks/update"
}
