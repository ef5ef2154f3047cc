public import MCP
import MCPClient
import MCPHTTPClient
import Tester

/// An MCP server under test, and how a test reaches it.
///
///     let server = MCPTarget.command("uv", "run", "server.py")
///
/// Nothing is started before it is used. Each use of a target starts it again and ends it afterwards, unless a
/// ``MCPTarget/connected(_:)`` block or a ``MCPTargetTrait`` keeps one process for several uses.
public struct MCPTarget: Sendable {
    /// How the target is reached.
    enum Way: Sendable {
        case command([String])
        /// What a user writes on the command line: a script, or a command line in one text.
        case text(String)
        case url(String)
    }

    let way: Way
    var environment: [String: String] = [:]
    var directory: String?
    var headers: [HTTPField] = []
    var era = EraChoice.auto
    var limits = ConnectionLimits()
    var policy = InputPolicy()

    /// A server that a command starts, with its arguments, over stdio.
    public static func command(_ words: String...) -> MCPTarget { MCPTarget(way: .command(words)) }

    /// A server that a command starts, with its arguments, over stdio.
    public static func command(_ words: [String]) -> MCPTarget { MCPTarget(way: .command(words)) }

    /// A server in a script, over stdio: a `.py` file is run by the nearest virtual environment, a `.js` or `.ts` file by
    /// node, any other file must be executable.
    public static func script(_ path: String) -> MCPTarget { MCPTarget(way: .text(path)) }

    /// A running server, over Streamable HTTP or HTTP+SSE, whichever it speaks.
    public static func url(_ url: String) -> MCPTarget { MCPTarget(way: .url(url)) }

    /// The target with more variables in the environment of its process.
    public func environment(_ variables: [String: String]) -> MCPTarget {
        changed { $0.environment.merge(variables) { $1 } }
    }

    /// The target with another working directory for its process.
    public func directory(_ path: String) -> MCPTarget { changed { $0.directory = path } }

    /// The target with an HTTP header in each request.
    public func header(_ name: String, _ value: String) -> MCPTarget {
        changed { $0.headers.append(HTTPField(name, value)) }
    }

    /// The target with a bearer token in each request.
    ///
    /// It is redacted in everything that a failure shows.
    public func token(_ token: String) -> MCPTarget { header("Authorization", "Bearer \(token)") }

    /// The target in one protocol revision (default: the newest that it speaks).
    public func revision(_ revision: Revision) -> MCPTarget { changed { $0.era = .pinned(revision) } }

    /// The target in one era of the protocol (default: the newest that it speaks).
    public func era(_ era: Revision.Era) -> MCPTarget { changed { $0.era = era == .legacy ? .legacy : .modern } }

    /// The target with another limit for the time of a request (default: one minute without progress, ten in all).
    public func timeout(_ limit: Duration) -> MCPTarget {
        changed {
            $0.limits.request = limit
            $0.limits.idle = limit
        }
    }

    private func changed(_ change: (inout MCPTarget) -> Void) -> MCPTarget {
        var target = self
        change(&target)
        return target
    }
}
