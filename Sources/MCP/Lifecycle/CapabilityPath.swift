public import JSON

/// A capability by its path, such as `tools.listChanged`.
public struct CapabilityPath: OpenSet {
    /// The names, separated by dots.
    public let rawValue: String

    /// Creates a path.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The names from the outermost to the capability itself.
    public var names: [String] { rawValue.split(separator: ".").map(String.init) }

    /// The location of the capability in the capabilities object.
    public var pointer: JSONPointer { JSONPointer(names) }

    /// Whether the capability is a Boolean rather than an object.
    var isFlag: Bool { Self.flags.contains(self) }

    private static let flags: Set<CapabilityPath> = [
        .toolsListChanged, .promptsListChanged, .resourcesListChanged, .resourcesSubscribe, .rootsListChanged,
    ]

    // MARK: Of servers

    /// The server has tools.
    public static let tools: CapabilityPath = "tools"
    /// The server reports changes of the list of tools.
    public static let toolsListChanged: CapabilityPath = "tools.listChanged"
    /// The server has resources.
    public static let resources: CapabilityPath = "resources"
    /// The server reports changes of single resources.
    public static let resourcesSubscribe: CapabilityPath = "resources.subscribe"
    /// The server reports changes of the list of resources.
    public static let resourcesListChanged: CapabilityPath = "resources.listChanged"
    /// The server has prompts.
    public static let prompts: CapabilityPath = "prompts"
    /// The server reports changes of the list of prompts.
    public static let promptsListChanged: CapabilityPath = "prompts.listChanged"
    /// The server completes arguments.
    public static let completions: CapabilityPath = "completions"
    /// The server sends log messages.
    public static let logging: CapabilityPath = "logging"

    // MARK: Of clients

    /// The client has root directories.
    public static let roots: CapabilityPath = "roots"
    /// The client reports changes of its root directories.
    public static let rootsListChanged: CapabilityPath = "roots.listChanged"
    /// The client supports sampling.
    public static let sampling: CapabilityPath = "sampling"
    /// The client supports sampling with the context of servers.
    public static let samplingContext: CapabilityPath = "sampling.context"
    /// The client supports sampling with tools.
    public static let samplingTools: CapabilityPath = "sampling.tools"
    /// The client supports elicitation.
    public static let elicitation: CapabilityPath = "elicitation"
    /// The client supports elicitation by form.
    public static let elicitationForm: CapabilityPath = "elicitation.form"
    /// The client supports elicitation by URL.
    public static let elicitationURL: CapabilityPath = "elicitation.url"

    // MARK: Tasks of 2025-11-25

    /// Requests can become tasks.
    public static let tasks: CapabilityPath = "tasks"
    /// Tasks can be listed.
    public static let tasksList: CapabilityPath = "tasks.list"
    /// Tasks can be cancelled.
    public static let tasksCancel: CapabilityPath = "tasks.cancel"
    /// Tool calls can become tasks.
    public static let tasksToolsCall: CapabilityPath = "tasks.requests.tools.call"
    /// Sampling requests can become tasks.
    public static let tasksSampling: CapabilityPath = "tasks.requests.sampling.createMessage"
    /// Elicitations can become tasks.
    public static let tasksElicitation: CapabilityPath = "tasks.requests.elicitation.create"
}
