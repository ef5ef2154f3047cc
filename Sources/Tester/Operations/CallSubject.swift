/// What a call uses, by the name or URI that it was given.
enum CallSubject: CustomStringConvertible {
    case tool(String)
    case prompt(String)
    /// A prompt whose messages are sent to a model.
    case execution(String)
    case resource(String)
    case task(String)

    /// As in `tool "echo"`.
    var description: String {
        switch self {
        case .tool(let name): "tool \"\(name)\""
        case .prompt(let name), .execution(let name): "prompt \"\(name)\""
        case .resource(let uri): "resource \"\(uri)\""
        case .task(let id): "task \"\(id)\""
        }
    }

    /// The key under which users look for the result.
    var payloadKey: String {
        switch self {
        case .tool: "tool_call"
        case .prompt: "prompt"
        case .execution: "llm_response"
        case .resource: "resource"
        case .task: "task"
        }
    }
}
