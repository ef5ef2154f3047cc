import JSON
import MCPTransport

/// One connection to the server on which any message can be sent.
protocol Wire: AnyObject, Sendable {
    var kind: TransportKind { get }

    /// Sends a message.
    ///
    /// The response is waited for with ``PendingExchange/finish(within:)``.
    func begin(_ message: WireMessage) -> any PendingExchange

    /// Messages of the server so far that a wire with exchanges received outside of any, or all messages of another wire.
    var strays: [Exchange.Received] { get }

    /// What was wrong in how the server framed its messages.
    var framingFaults: [String] { get }

    /// Why nothing more can be sent; nil while the connection is open.
    var end: String? { get }

    /// Answers requests of the server; nil leaves one without a response.
    func answer(_ responder: @escaping @Sendable (JSONValue) -> JSONObject?)

    /// Closes the connection, and waits for the end of a process.
    func close() async -> TransportEnd?
}

/// A message on a wire.
struct WireMessage {
    var bytes: [UInt8]
    /// The ID that the response has; nil if no response is expected.
    var id: JSONValue?
    /// Whether an error without an ID is a response, as for a message whose ID cannot be read.
    var acceptsErrorWithoutID = false
    /// The method and the headers over HTTP.
    var httpMethod = "POST"
    var fields: [(name: String, value: String)] = []

    /// Whether a message of the server is the response.
    func isAnswered(by value: JSONValue) -> Bool {
        guard value["method"] == nil, value["result"] != nil || value["error"] != nil else { return false }
        guard let theirs = value["id"], !theirs.isNull else { return acceptsErrorWithoutID && value["error"] != nil }
        guard let id else { return acceptsErrorWithoutID }
        // An ID of the wrong type is a fault that a check reports.
        return theirs == id || (theirs.string ?? theirs.description) == (id.string ?? id.description)
    }
}

/// An exchange whose response may still come.
protocol PendingExchange: AnyObject, Sendable {
    /// Waits for the response.
    func finish(within limit: Duration) async -> Exchange

    /// Waits until a message arrives that is not the response.
    ///
    /// - Returns: What has arrived by then, or within the limit.
    func next(within limit: Duration, _ isWanted: @escaping @Sendable (JSONValue) -> Bool) async -> Exchange

    /// Ends the exchange by means of the transport: over HTTP, closes its stream.
    func cancel()
}
