public import JSON

/// The result of `tasks/list`: one page of a list.
///
/// Source: 2025-11-25, "Tasks"; removed in 2026-07-28.
public struct ListTasksResult: ListResult {
    /// The type of the listed items.
    public typealias Item = TaskInfo
    /// The name of the member that holds the items.
    public static let itemsName = "tasks"

    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The items of this page.
    ///
    /// Elements that are not objects are skipped.
    public var tasks: [TaskInfo]? {
        get { items }
        set { items = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .page(.required("tasks", .arrayOf(TaskInfo.self)))
}
