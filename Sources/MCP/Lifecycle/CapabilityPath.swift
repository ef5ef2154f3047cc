public import JSON

/// A capability by the names on the way to it, such as `tools.listChanged`.
public struct CapabilityPath: OpenSet {
    /// The names, joined by dots.
    public let rawValue: String

    /// Creates a path.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The names on the way.
    public var names: [String] { rawValue.split(separator: ".").map(String.init) }

    /// Where the capability stands in the object of capabilities.
    public var pointer: JSONPointer { JSONPointer(names) }

    /// Tells whether the capability is a flag rather than an object.
    var isFlag: Bool { Self.flags.contains(self) }

    private static let flags: Set<CapabilityPath> = [
        .toolsListChanged, .promptsListChanged, .resourcesListChanged, .resourcesSubscribe, .rootsListChanged,
    ]

    // MARK: Of servers

    /// There are tools.
    public static let tools: CapabilityPath = "tools"
    /// Changes of the list of tools are told.
    public static let toolsListChanged: CapabilityPath = "tools.listChanged"
    /// There are resources.
    public static let resources: CapabilityPath = "resources"
    /// Changes of single resources are told.
    public static let resourcesSubscribe: CapabilityPath = "resources.subscribe"
    /// Changes of the list of resources are told.
    public static let resourcesListChanged: CapabilityPath = "resources.listChanged"
    /// There are prompts.
    public static let prompts: CapabilityPath = "prompts"
    /// Changes of the list of prompts are told.
    public static let promptsListChanged: CapabilityPath = "prompts.listChanged"
    /// Arguments are completed.
    public static let completions: CapabilityPath = "completions"
    /// Log messages are sent.
    public static let logging: CapabilityPath = "logging"

    // MARK: Of clients

    /// There are root directories.
    public static let roots: CapabilityPath = "roots"
    /// Changes of the root directories are told.
    public static let rootsListChanged: CapabilityPath = "roots.listChanged"
    /// The model can be asked.
    public static let sampling: CapabilityPath = "sampling"
    /// The model can be asked with the context of servers.
    public static let samplingContext: CapabilityPath = "sampling.context"
    /// The model can be asked with tools.
    public static let samplingTools: CapabilityPath = "sampling.tools"
    /// The user can be asked.
    public static let elicitation: CapabilityPath = "elicitation"
    /// The user can be asked with a form.
    public static let elicitationForm: CapabilityPath = "elicitation.form"
    /// The user can be sent to a URL.
    public static let elicitationURL: CapabilityPath = "elicitation.url"

    // MARK: Tasks of 2025-11-25

    /// Requests can become tasks.
    public static let tasks: CapabilityPath = "tasks"
    /// Tasks can be listed.
    public static let tasksList: CapabilityPath = "tasks.list"
    /// Tasks can be called off.
    public static let tasksCancel: CapabilityPath = "tasks.cancel"
    /// A tool call can become a task.
    public static let tasksToolsCall: CapabilityPath = "tasks.requests.tools.call"
    /// A sampling request can become a task.
    public static let tasksSampling: CapabilityPath = "tasks.requests.sampling.createMessage"
    /// An elicitation can become a task.
    public static let tasksElicitation: CapabilityPath = "tasks.requests.elicitation.create"
}
