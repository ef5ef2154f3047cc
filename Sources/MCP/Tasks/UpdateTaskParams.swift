public import JSON

/// The parameters of `tasks/update`.
///
/// Source: extension `io.modelcontextprotocol/tasks`.
public struct UpdateTaskParams: TaskReferenceParams {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that provide input to a task.
    public init(taskID: String, inputResponses: JSONObject) {
        self.init(json: [:])
        self.taskID = taskID
        self.inputResponses = inputResponses
    }

    /// The responses by input request key.
    public var inputResponses: JSONObject? {
        get { self["inputResponses"] }
        set { self["inputResponses"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .params(
        .required("taskId", .string),
        .required("inputResponses", .map(.object))
    )
}
