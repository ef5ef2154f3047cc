public import JSON
public import JSONRPC
public import MCP

/// How a client connects, what it declares, and its limits.
public struct ClientOptions: Sendable {
    /// Which era or revision to speak.
    public var era: EraChoice
    /// The name and version of the client.
    public var info: Implementation
    /// Capabilities to declare in addition to those of ``input``; only declare what is handled.
    public var capabilities: ClientCapabilities
    /// The handlers of the server's input requests; without any, no such capability is declared.
    public var input: InputHandlers
    /// The time limits.
    public var limits: ConnectionLimits
    /// How much of one list is fetched.
    public var listLimits = ListLimits()
    /// How often the server may request input within one call.
    public var roundLimit = 10
    /// How many events are kept.
    public var eventBounds = EventLog.Bounds()
    /// Called with each event on the thread that received it; must return quickly.
    public var onEvent: (@Sendable (EventLog.Entry) -> Void)?

    /// Creates options.
    public init(
        era: EraChoice = .auto,
        info: Implementation,
        capabilities: ClientCapabilities = ClientCapabilities(json: [:]),
        input: InputHandlers = InputHandlers(),
        limits: ConnectionLimits = ConnectionLimits()
    ) {
        self.era = era
        self.info = info
        self.capabilities = capabilities
        self.input = input
        self.limits = limits
    }
}

/// Which era of the protocol a client speaks.
public enum EraChoice: Sendable, Hashable {
    /// Detects the era: sends `server/discover`, and `initialize` if the server does not understand that.
    case auto
    /// Sends `initialize`, at the newest revision that has it.
    case legacy
    /// Speaks the stateless revisions only.
    case modern
    /// Speaks one revision and no other.
    case pinned(Revision)

    /// The names of all revisions that can be chosen, for messages.
    public static var revisionNames: String {
        Revision.allCases.map(\.wireName).joined(separator: ", ")
    }

    /// Reads `auto`, `legacy`, `modern` or the name of a revision.
    public init?(_ text: String) {
        switch text {
        case "auto": self = .auto
        case "legacy": self = .legacy
        case "modern": self = .modern
        default:
            guard let revision = Revision(wireName: text) else { return nil }
            self = .pinned(revision)
        }
    }
}

/// The time limits of a connection; nil means no limit.
public struct ConnectionLimits: Sendable, Hashable {
    /// The time for connecting, including the handshake.
    public var connect: Duration
    /// The total time of one request, with or without progress.
    public var request: Duration?
    /// The time of one request without a response or progress.
    public var idle: Duration?
    /// The total time of an operation of several requests, such as a list of many pages.
    public var total: Duration?
    /// How long `server/discover` may stay unanswered before `initialize` follows on the same connection.
    public var probeGrace: Duration

    /// Creates limits.
    public init(
        connect: Duration = .seconds(30),
        request: Duration? = .seconds(600),
        idle: Duration? = .seconds(60),
        total: Duration? = .seconds(900),
        probeGrace: Duration = .milliseconds(300)
    ) {
        self.connect = connect
        self.request = request
        self.idle = idle
        self.total = total
        self.probeGrace = probeGrace
    }

    /// The limits of one call.
    public var call: CallLimits {
        CallLimits(request: request, idle: idle)
    }
}
