/// One event of a stream of server-sent events, as a reader of the stream gets it.
///
/// Source: HTML Living Standard, "Server-sent events", "Interpreting an event stream".
public struct EventStreamEvent: Sendable, Hashable {
    /// The type; `message` where the stream gives none.
    public var type: String
    /// The data: its lines, joined by line feeds.
    public var data: [UInt8]
    /// The id of the last event that had one, this one included; nothing if none had.
    public var lastEventID: String?

    /// Creates an event.
    public init(type: String = "message", data: [UInt8], lastEventID: String? = nil) {
        self.type = type
        self.data = data
        self.lastEventID = lastEventID
    }
}
