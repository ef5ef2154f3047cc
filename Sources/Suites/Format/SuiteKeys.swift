import MCP
import MCPClient

/// The keys of the format; the reader accepts no others, and a test compares them with the published schema.
package enum SuiteKeys {
    package static let suite = [
        "version", "name", "server", "servers", "matrix", "variables", "secrets", "defaults", "client", "isolation",
        "setup", "teardown", "cases",
    ]
    package static let server = [
        "command", "target", "url", "env", "headers", "cwd", "protocol", "transport", "connect_timeout", "instances",
    ]
    package static let matrix = ["protocols", "servers"]
    package static let defaults = ["timeout", "retry", "tags"]
    package static let client = ["answers", "roots", "undeclared"]
    package static let suiteCase = [
        "name", "server", "tags", "client", "isolation", "setup", "steps", "teardown", "timeout", "retry", "repeat",
        "skip", "expected_failure",
    ]
    package static let actions = [
        "call", "read", "get", "list", "complete", "subscribe", "wait", "raw", "restart", "assert",
    ]
    package static let step = ["name", "timeout", "expect", "capture"]
    package static let expect = [
        "text", "json", "result", "names", "values", "is_error", "error", "schema", "latency", "snapshot", "events",
        "stderr",
        "stdout",
    ]
    package static let snapshot = ["name", "except"]
    package static let events = ["in_order", "any_order", "never"]
    package static let error = ["code", "message", "data"]
    package static let matchers = [
        "equals", "contains", "matches", "any", "all", "none", "not", "each", "approx", "tolerance", "type", "length",
        "unordered", "at_least", "at_most", "above", "below", "exists",
    ]
    package static let types = ["string", "number", "integer", "boolean", "object", "array", "null"]
    static let lists: [(name: String, kind: ListKind)] = [
        ("tools", .tools), ("resources", .resources), ("resource_templates", .resourceTemplates), ("prompts", .prompts),
    ]
    /// Short names of notifications.
    static let notifications: [(name: String, method: NotificationName)] = [
        ("progress", .progress), ("log", .message), ("tools_changed", .toolsListChanged),
        ("resources_changed", .resourcesListChanged), ("prompts_changed", .promptsListChanged),
        ("resource_updated", .resourcesUpdated), ("task_status", .tasksStatus),
    ]

    static func listName(_ kind: ListKind) -> String { lists.first { $0.kind == kind }?.name ?? kind.rawValue }
}
