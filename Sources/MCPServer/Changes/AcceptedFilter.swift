import MCP

/// What of a client's wishes a subscription tells.
struct AcceptedFilter: Sendable {
    private var lists: Set<Change.Kind> = []
    private var uris: Set<String> = []
    private var tasks: Set<String> = []

    /// The same as the client is told it, in the order of its wish.
    private(set) var json = SubscriptionFilter()

    /// Keeps of a wish what the server can tell.
    ///
    /// - Parameters:
    ///   - kinds: The changes that the server declares.
    ///   - hasResource: Tells whether there is a resource with a URI.
    ///   - hasTask: Tells whether there is a task with an id that the client may know of.
    init(
        _ wish: SubscriptionFilter,
        kinds: Set<Change.Kind>,
        hasResource: (String) -> Bool,
        hasTask: (String) -> Bool
    ) {
        if wish.toolsListChanged == true, kinds.contains(.tools) {
            lists.insert(.tools)
            json.toolsListChanged = true
        }
        if wish.promptsListChanged == true, kinds.contains(.prompts) {
            lists.insert(.prompts)
            json.promptsListChanged = true
        }
        if wish.resourcesListChanged == true, kinds.contains(.resources) {
            lists.insert(.resources)
            json.resourcesListChanged = true
        }
        if let wished = wish.resourceSubscriptions, kinds.contains(.content) {
            let known = wished.filter(hasResource)
            uris = Set(known)
            json.resourceSubscriptions = known
        }
        if let wished = wish.taskIDs {
            let known = wished.filter(hasTask)
            tasks = Set(known)
            json.taskIDs = known
        }
    }

    /// Tells whether the client wants to know of an event.
    func wants(_ event: Event) -> Bool {
        switch event {
        case .change(.content(let uri)): uris.contains(uri)
        case .change(let change): lists.contains(change.kind)
        case .task(let task): tasks.contains(task.id)
        }
    }
}
