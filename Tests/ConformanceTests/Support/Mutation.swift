import JSON
import MCP
import MCPTransport
import Synchronization
import Testing

@testable import Conformance

/// One fault that is put into the messages of a sound server, and the check that must find it.
struct Mutation: Sendable, CustomTestStringConvertible {
    /// Changes a message of the server, or replaces it by none or several.
    typealias Change = @Sendable (_ request: JSONValue, _ message: JSONValue) -> [JSONValue]
    /// Changes the status and the headers of a response.
    typealias HeadChange =
        @Sendable (_ request: JSONValue, _ sent: [(name: String, value: String)], _ head: inout Head) -> Void

    typealias Fields = [(name: String, value: String)]

    struct Head: Sendable {
        var status: Int
        var fields: [(name: String, value: String)]

        mutating func set(_ name: String, _ value: String?) {
            fields.removeAll { $0.name.lowercased() == name.lowercased() }
            if let value { fields.append((name, value)) }
        }
    }

    let row: String
    let revision: Revision
    var isHTTP = false
    /// Whether the server is checked as over HTTP+SSE.
    var isSSE = false
    /// Other checks of the group that see the same fault.
    var also: Set<String> = []
    var change: Change = { [$1] }
    var head: HeadChange = { _, _, _ in }
    /// A line that is not a message, before each response to tools/list.
    var line: String?
    /// Changes a message over HTTP, with the headers of its request.
    var body: @Sendable (_ request: JSONValue, _ sent: Fields, _ message: JSONValue) -> [JSONValue] = { [$2] }

    var testDescription: String { "\(row) \(revision)\(isHTTP ? " HTTP" : "")" }

    static let modern = Revision.v2026_07_28
    static let legacy = Revision.v2025_11_25
}

// MARK: - Faults

extension Mutation {
    /// Changes results of a method.
    static func result(
        _ row: String,
        _ method: String,
        in revision: Revision = modern,
        also: Set<String> = [],
        http: Bool = false,
        _ change: @escaping @Sendable (_ result: inout JSONValue, _ request: JSONValue) -> Void
    ) -> Mutation {
        Mutation(row: row, revision: revision, isHTTP: http, also: also) { request, message in
            guard request["method"]?.string == method || method == "*", var result = message["result"] else {
                return [message]
            }
            change(&result, request)
            var object = message.object ?? [:]
            object["result"] = result
            return [.object(object)]
        }
    }

    /// Sets or removes a member of results of a method.
    static func set(
        _ row: String,
        _ method: String,
        _ path: [String],
        _ value: JSONValue?,
        in revision: Revision = modern,
        also: Set<String> = [],
        http: Bool = false
    ) -> Mutation {
        result(row, method, in: revision, also: also, http: http) { result, _ in result = result.setting(path, value) }
    }

    /// Turns errors with a code into results.
    static func accepting(
        _ row: String,
        _ code: Int,
        in revision: Revision = modern,
        also: Set<String> = [],
        http: Bool = false,
        where condition: @escaping @Sendable (_ request: JSONValue) -> Bool = { _ in true }
    ) -> Mutation {
        Mutation(row: row, revision: revision, isHTTP: http, also: also) { request, message in
            guard message["error"]?["code"] == JSONValue(code), condition(request) else { return [message] }
            let id = message["id"] ?? nil
            return [["jsonrpc": "2.0", "id": id, "result": acceptedResult]]
        }
    }

    private static let acceptedResult: JSONValue = [
        "resultType": "complete", "content": [], "contents": [], "ttlMs": 0, "cacheScope": "private",
        "_meta": ["io.modelcontextprotocol/serverInfo": ["name": "demo", "version": "1"]],
    ]

    /// Gives errors another code.
    static func recoding(
        _ row: String,
        _ code: Int,
        as other: Int,
        in revision: Revision = modern,
        also: Set<String> = [],
        http: Bool = false
    ) -> Mutation {
        Mutation(row: row, revision: revision, isHTTP: http, also: also) { _, message in
            guard message["error"]?["code"] == JSONValue(code) else { return [message] }
            return [message.setting(["error", "code"], JSONValue(other))]
        }
    }

    /// Turns results into errors.
    static func refusing(
        _ row: String,
        _ method: String,
        code: Int = -32602,
        in revision: Revision = modern,
        also: Set<String> = [],
        http: Bool = false,
        where condition: @escaping @Sendable (_ request: JSONValue) -> Bool = { _ in true }
    ) -> Mutation {
        Mutation(row: row, revision: revision, isHTTP: http, also: also) { request, message in
            guard request["method"]?.string == method || method == "*", message["result"] != nil, condition(request)
            else {
                return [message]
            }
            return [
                [
                    "jsonrpc": "2.0", "id": message["id"] ?? nil,
                    "error": ["code": JSONValue(code), "message": "refused"],
                ]
            ]
        }
    }

    /// Sends a message before each response to a method.
    static func adding(
        _ row: String,
        before method: String,
        in revision: Revision = modern,
        also: Set<String> = [],
        http: Bool = false,
        _ extra: @escaping @Sendable (_ request: JSONValue) -> JSONValue
    ) -> Mutation {
        Mutation(row: row, revision: revision, isHTTP: http, also: also) { request, message in
            request["method"]?.string == method && message["method"] == nil ? [extra(request), message] : [message]
        }
    }

    /// Changes the status or the headers of HTTP responses.
    static func http(
        _ row: String,
        in revision: Revision = modern,
        also: Set<String> = [],
        _ head: @escaping HeadChange
    ) -> Mutation {
        Mutation(row: row, revision: revision, isHTTP: true, also: also, head: head)
    }
}

extension Mutation {
    /// Refuses requests over HTTP as if their headers were wrong.
    static func refusingHTTP(
        _ row: String,
        in revision: Revision = modern,
        also: Set<String> = [],
        where condition: @escaping @Sendable (_ request: JSONValue, _ sent: Fields) -> Bool
    ) -> Mutation {
        var mutation = Mutation(row: row, revision: revision, isHTTP: true, also: also)
        mutation.body = { request, sent, message in
            guard condition(request, sent), message["method"] == nil else { return [message] }
            let id = message["id"] ?? nil
            return [["jsonrpc": "2.0", "id": id, "error": ["code": -32020, "message": "header mismatch"]]]
        }
        return mutation
    }

    /// Gives responses to requests with some headers the status 200.
    static func okay(
        _ row: String,
        in revision: Revision = modern,
        also: Set<String> = [],
        where condition: @escaping @Sendable (_ request: JSONValue, _ sent: Fields) -> Bool
    ) -> Mutation {
        http(row, in: revision, also: also) { request, sent, head in if condition(request, sent) { head.status = 200 } }
    }

    /// Changes results of a method from the given number on.
    static func later(
        _ row: String,
        _ method: String,
        after count: Int = 1,
        in revision: Revision = modern,
        also: Set<String> = [],
        _ path: [String],
        _ value: JSONValue?
    ) -> Mutation {
        let seen = Counter()
        return result(row, method, in: revision, also: also) { result, _ in
            if seen.next() > count { result = result.setting(path, value) }
        }
    }

    /// Changes every second result of a method.
    static func flapping(
        _ row: String,
        _ method: String,
        in revision: Revision = modern,
        also: Set<String> = [],
        _ path: [String],
        _ value: JSONValue?
    ) -> Mutation {
        let seen = Counter()
        return result(row, method, in: revision, also: also) { result, _ in
            if seen.next() % 2 == 0 { result = result.setting(path, value) }
        }
    }

    /// Changes every second list, and drops the notifications of that.
    static func silentChange(
        _ row: String,
        _ method: String,
        _ member: String,
        in revision: Revision = modern,
        also: Set<String> = []
    ) -> Mutation {
        var mutation = flapping(row, method, in: revision, also: also, [member, "0"], nil)
        let own = mutation.change
        mutation.change = { request, message in
            message["method"]?.string?.hasSuffix("list_changed") == true ? [] : own(request, message)
        }
        return mutation
    }

    final class Counter: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }
}

extension [(name: String, value: String)] {
    func field(_ name: String) -> String? { first { $0.name.lowercased() == name.lowercased() }?.value }
}

extension JSONValue {
    /// The value with another value at a path of member names and indices, or without one.
    func setting(_ path: [String], _ value: JSONValue?) -> JSONValue {
        guard let first = path.first else { return value ?? nil }
        let rest = Array(path.dropFirst())
        switch self {
        case .object(var object):
            object[first] = rest.isEmpty ? value : (object[first] ?? [:]).setting(rest, value)
            return .object(object)
        case .array(var elements):
            guard let index = Int(first), elements.indices.contains(index) else { return self }
            if rest.isEmpty {
                if let value { elements[index] = value } else { elements.remove(at: index) }
            } else {
                elements[index] = elements[index].setting(rest, value)
            }
            return .array(elements)
        default: return self
        }
    }
}
