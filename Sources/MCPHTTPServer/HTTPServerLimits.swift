import Platform

/// What an HTTP server accepts before it refuses, and how long it waits.
public struct HTTPServerLimits: Sendable, Hashable {
    /// The maximum size of a request body, in bytes; a larger one is refused with 413.
    public var bodyBytes: Int
    /// The maximum size of a request head, in bytes; a larger one is refused with 431.
    public var headBytes: Int
    /// The maximum size of all buffers of the server together, in bytes: request bodies, unsent responses and events kept for
    /// replay.
    ///
    /// The oldest replay events are dropped first; then a body that does not fit is refused with 503.
    public var bufferBytes: Int
    /// The maximum number of open connections; one more is closed at once.
    public var connections: Int
    /// The maximum number of open sessions; one more is refused with 503.
    public var sessions: Int
    /// The maximum number of open event streams; one more is refused with 503.
    public var streams: Int
    /// The maximum number of POST requests that are being received or served; one more is refused with 503.
    public var requests: Int
    /// How long a session may stay unused before it is closed.
    public var sessionIdle: Duration
    /// How long a request may take to arrive; then it is refused with 408.
    public var requestArrival: Duration
    /// How long a connection may stay open without a request.
    public var connectionIdle: Duration
    /// How long a request may be served without output before its event stream is opened and kept alive.
    public var streamStart: Duration
    /// How often a comment is sent on a quiet event stream.
    public var keepAlive: Duration
    /// The maximum size of the events that a session keeps for replay, in bytes.
    public var replayBytes: Int
    /// The maximum size of unsent events of a stream, in bytes; the connection of a slower reader is closed.
    public var streamBytes: Int
    /// The maximum size of unsent responses of a connection, in bytes, with which another request is read from it.
    public var unsentBytes: Int
    /// How long running requests may take to finish when the server stops.
    public var shutdown: Duration

    /// Creates limits.
    public init(
        bodyBytes: Int = 16 << 20,
        headBytes: Int = 32 << 10,
        bufferBytes: Int = 256 << 20,
        connections: Int = defaultConnections,
        sessions: Int = 2048,
        streams: Int = 2048,
        requests: Int = 1024,
        sessionIdle: Duration = .seconds(1800),
        requestArrival: Duration = .seconds(30),
        connectionIdle: Duration = .seconds(60),
        streamStart: Duration = .seconds(15),
        keepAlive: Duration = .seconds(15),
        replayBytes: Int = 1 << 20,
        streamBytes: Int = 16 << 20,
        unsentBytes: Int = 1 << 20,
        shutdown: Duration = .seconds(5)
    ) {
        self.bodyBytes = bodyBytes
        self.headBytes = headBytes
        self.bufferBytes = bufferBytes
        self.connections = connections
        self.sessions = sessions
        self.streams = streams
        self.requests = requests
        self.sessionIdle = sessionIdle
        self.requestArrival = requestArrival
        self.connectionIdle = connectionIdle
        self.streamStart = streamStart
        self.keepAlive = keepAlive
        self.replayBytes = replayBytes
        self.streamBytes = streamBytes
        self.unsentBytes = unsentBytes
        self.shutdown = shutdown
    }

    /// Three quarters of the descriptors that this process may open, and at most 4096; the rest is for targets and files.
    public static var defaultConnections: Int { connections(forDescriptors: sysconf(Int32(_SC_OPEN_MAX))) }

    /// The default for a soft limit of descriptors; negative means none.
    static func connections(forDescriptors limit: Int) -> Int {
        limit < 0 ? 4096 : min(4096, max(1, limit / 4 * 3))
    }
}
