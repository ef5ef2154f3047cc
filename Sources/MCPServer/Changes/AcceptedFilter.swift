import MCP

/// The part of a requested filter that a server can deliver.
struct AcceptedFilter: Sendable {
    private var lists: Set<Change.Kind> = []
    private var uris: Set<String> = []
    private var tasks: Set<String> = []

    /// The filter as acknowledged to the client, in the order of its request.
    private(set) var json = SubscriptionFilter()

    /// Creates a filter from a request.
    ///
    /// - Parameters:
    ///   - kinds: the kinds of changes that the server declares.
    ///   - hasResource: whether a resource with a URI exists.
    ///   - hasTask: whether a task with an ID exists that the client may see.
    init(
        _ requested: SubscriptionFilter,
        kinds: Set<Change.Kind>,
        hasResource: (String) -> Bool,
        hasTask: (String) -> Bool
    ) {
        if requested.toolsListChanged == true, kinds.contains(.tools) {
            lists.insert(.tools)
            json.toolsListChanged = true
        }
        if requested.promptsListChanged == true, kinds.contains(.prompts) {
            lists.insert(.prompts)
            json.promptsListChanged = true
        }
        if requested.resourcesListChanged == true, kinds.contains(.resources) {
            lists.insert(.resources)
            json.resourcesListChanged = true
        }
        if let requestedURIs = requested.resourceSubscriptions, kinds.contains(.content) {
            let known = requestedURIs.filter(hasResource)
            uris = Set(known)
            json.resourceSubscriptions = known
        }
        if let requestedTasks = requested.taskIDs {
            let known = requestedTasks.filter(hasTask)
            tasks = Set(known)
            json.taskIDs = known
        }
    }

    /// Whether an event passes the filter.
    func accepts(_ event: Event) -> Bool {
        switch event {
        case .change(.content(let uri)): uris.contains(uri)
        case .change(let change): lists.contains(change.kind)
        case .task(let task): tasks.contains(task.id)
        }
    }
}
