/// One server-sent event, as a reader of the stream receives it.
///
/// Source: HTML Living Standard, "Server-sent events", "Interpreting an event stream".
public struct EventStreamEvent: Sendable, Hashable {
    /// The type (default: `message`).
    public var type: String
    /// The data lines, joined with line feeds.
    public var data: [UInt8]
    /// The ID of this event, or of the last event before it that had one; nil if none had.
    public var lastEventID: String?

    /// Creates an event.
    public init(type: String = "message", data: [UInt8], lastEventID: String? = nil) {
        self.type = type
        self.data = data
        self.lastEventID = lastEventID
    }
}
