import JSON
import MCP
import MCPTransport

/// Decides which instance gets a request.
struct Rotation: Sendable {
    private let count: Int
    /// The instance of the last request that may have left state behind.
    private var last: Int
    /// The instance of the last page of a list.
    private var lastPage = 0

    init(count: Int) {
        self.count = count
        last = count - 1
    }

    /// The instance that gets the next request.
    var upcoming: Int { (last + 1) % count }

    /// The instance for a request.
    ///
    /// A list leaves no state behind, and the tester sends some of its own: two calls with one between them would meet at
    /// the same instance if it counted. The pages of a list still go to different instances.
    mutating func next(for method: Method?, hasCursor: Bool) -> Int {
        guard let method, Self.lists.contains(method) else {
            last = upcoming
            return last
        }
        lastPage = hasCursor ? (lastPage + 1) % count : upcoming
        return lastPage
    }

    static let lists: Set<Method> = [.toolsList, .resourcesList, .resourcesTemplatesList, .promptsList]
}

/// A request and the instance that got it.
struct InstanceTurn: Sendable {
    /// What a request is about, as far as a reader needs it.
    struct Subject: Sendable {
        var method: Method?
        var name: String?
        /// What it carries from an earlier response: `requestState`, or the id of a task.
        var carries: String?
        var hasCursor = false
        /// Whether it only lists something.
        var isList: Bool { method.map(Rotation.lists.contains) ?? false }

        init(_ frame: OutgoingFrame) {
            method = frame.head.method
            do throws(JSONError) {
                let message = try JSONText(frame.bytes)
                let params = message["params"]
                method = method ?? message["method"]?.string.map(Method.init(rawValue:))
                name = params?["name"]?.string ?? params?["uri"]?.string
                hasCursor = params?["cursor"] != nil
                if params?["requestState"] != nil { carries = "requestState" }
                if params?["taskId"] != nil { carries = "the id of a task" }
                if hasCursor { carries = "a cursor" }
            } catch {
                // A test may send bytes that are not JSON.
            }
        }
    }

    var subject: Subject
    /// Which instance, from 1.
    var instance: Int

    var description: String {
        let name = subject.name.map { " \"\($0)\"" } ?? ""
        let carries = subject.carries.map { " with \($0)" } ?? ""
        return "\(subject.method?.rawValue ?? "bytes")\(name)\(carries) to instance \(instance)"
    }
}
