import JSON
import MCP

@testable import Conformance

/// Faults of several parts.
extension Mutation {
    /// The fault, and another change of each message before it.
    private func first(_ other: @escaping Change) -> Mutation {
        var mutation = self
        let own = change
        mutation.change = { request, message in other(request, message).flatMap { own(request, $0) } }
        return mutation
    }

    /// Also turns errors with a code into results.
    func accepting(_ code: Int, where condition: @escaping @Sendable (_ request: JSONValue) -> Bool) -> Mutation {
        first(Mutation.accepting(row, code, where: condition).change)
    }

    /// Also sends a message before each response to a method.
    func adding(_ method: String, _ extra: @escaping @Sendable (_ request: JSONValue) -> JSONValue) -> Mutation {
        first(Mutation.adding(row, before: method, extra).change)
    }

    /// Also sets a member of results of a method.
    func replacing(_ method: String, _ path: [String], _ value: JSONValue?) -> Mutation {
        first(Mutation.set(row, method, path, value).change)
    }

    /// Also removes a member of results that request input.
    func without(_ name: String) -> Mutation {
        first { _, message in
            message["result"]?["resultType"] == "input_required" ? [message.setting(["result", name], nil)] : [message]
        }
    }
}
