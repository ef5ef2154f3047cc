import AsyncRuntime
public import JSONRPC
public import MCPTransport

/// Why a connection could not be opened.
public struct ConnectFailure: Error, Sendable, CustomStringConvertible {
    /// The cause.
    public enum Cause: Sendable {
        /// The transport could not be opened, for example because the process could not be started.
        case transport(TransportFailure)
        /// The server closed the connection during the handshake.
        case ended(TransportEnd)
        /// The server answered the handshake with an error.
        case rejected(RPCError)
        /// The server speaks no revision that the client speaks or has to speak.
        case version(offered: [String], wanted: String)
        /// The server answered the handshake with something else than it requires.
        case malformed(String)
        /// Nothing usable came within the limit.
        case timeout(Duration)
        /// The caller cancelled connecting.
        case cancelled
    }

    /// The cause.
    public var cause: Cause
    /// What was tried, in order.
    public var steps: [EraVerdict.Step]
    /// The connection as far as it got, for its transcript and evidence.
    public var link: ClientLink?

    /// What happened, as a clause that starts in lower case.
    public var description: String {
        switch cause {
        case .transport(let failure): failure.message
        case .ended(let end): "the server closed the connection during the handshake: \(end.reason)"
        case .rejected(let error): "the server refused the handshake: \(error)"
        case .version(let offered, let wanted):
            "no common protocol revision: the server offers \(offered.joined(separator: ", ")), but \(wanted) is required"
        case .malformed(let reason): "the server's response to the handshake is not valid: \(reason)"
        case .timeout(let limit): "the server did not finish the handshake within \(limit.seconds)"
        case .cancelled: "connecting was cancelled"
        }
    }
}
