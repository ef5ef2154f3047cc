public import JSON

/// The parameters of `tasks/update`.
///
/// Source: extension `io.modelcontextprotocol/tasks`.
public struct UpdateTaskParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Gives a task its input.
    public init(taskID: String, inputResponses: JSONObject) {
        self.init(json: [:])
        self.taskID = taskID
        self.inputResponses = inputResponses
    }

    /// Which task.
    public var taskID: String? {
        get { self["taskId"] }
        set { self["taskId"] = newValue }
    }

    /// The answers, by the keys of the questions.
    public var inputResponses: JSONObject? {
        get { self["inputResponses"] }
        set { self["inputResponses"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .params(
        .required("taskId", .string),
        .required("inputResponses", .map(.object))
    )
}
