import AsyncRuntime
public import JSONRPC
public import MCPTransport

/// Why no connection came about.
public struct ConnectFailure: Error, Sendable, CustomStringConvertible {
    /// What stood in the way.
    public enum Cause: Sendable {
        /// The transport could not be opened, as when no process could be started.
        case transport(TransportFailure)
        /// The server ended before the connection was made.
        case ended(TransportEnd)
        /// The server answered the handshake with an error.
        case rejected(RPCError)
        /// The server speaks no revision that we speak or were asked to.
        case version(offered: [String], wanted: String)
        /// The server answered, but not with what the handshake asks for.
        case malformed(String)
        /// Nothing usable came within the limit.
        case timeout(Duration)
        /// The caller gave up.
        case cancelled
    }

    /// What stood in the way.
    public var cause: Cause
    /// What was tried, in order.
    public var steps: [EraVerdict.Step]
    /// The connection as far as it got, for its transcript and evidence.
    public var link: ClientLink?

    /// A sentence that says what happened.
    public var description: String {
        switch cause {
        case .transport(let failure): failure.message
        case .ended(let end): "the server ended before the connection was made: \(end.reason)"
        case .rejected(let error): "the server refused the handshake: \(error)"
        case .version(let offered, let wanted):
            "no common protocol revision: the server offers \(offered.joined(separator: ", ")), wanted was \(wanted)"
        case .malformed(let reason): "the server's answer to the handshake is wrong: \(reason)"
        case .timeout(let limit): "the server did not finish the handshake within \(limit.seconds)"
        case .cancelled: "connecting was cancelled"
        }
    }
}
