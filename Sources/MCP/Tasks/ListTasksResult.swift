public import JSON

/// The result of `tasks/list`: one page of a list.
///
/// Source: 2025-11-25, "Tasks"; removed in 2026-07-28.
public struct ListTasksResult: ListResult {
    /// What is listed.
    public typealias Item = TaskInfo
    /// The name of the member that holds the items.
    public static let itemsName = "tasks"

    /// The page as received.
    public var json: JSONObject

    /// Looks at an object as a page.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The items of this page; elements that are no objects are left out.
    public var tasks: [TaskInfo]? {
        get { items }
        set { items = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .page(.required("tasks", .arrayOf(TaskInfo.self)))
}
