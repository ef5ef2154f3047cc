public import JSON
public import JSONRPC
public import MCP

/// How a client makes its connection and how long it waits.
public struct ClientOptions: Sendable {
    /// Which era or revision to speak.
    public var era: EraChoice
    /// Who we say we are.
    public var info: Implementation
    /// What we offer to the server beside what ``input`` handles; what is not handled must not be promised.
    public var capabilities: ClientCapabilities
    /// Who answers what the server asks of us; nobody by default, and nothing is declared then.
    public var input: InputHandlers
    /// How long to wait for what.
    public var limits: ConnectionLimits
    /// How many pages of one list are fetched before it counts as endless.
    public var pageLimit: Int
    /// How often the server may ask for more within one call before it counts as endless.
    public var roundLimit = 10
    /// How much of what the server tells is kept.
    public var eventBounds = EventLog.Bounds()
    /// Gets each event when it comes, on the thread that received it: it must be quick.
    public var onEvent: (@Sendable (EventLog.Entry) -> Void)?

    /// Creates options.
    public init(
        era: EraChoice = .auto,
        info: Implementation,
        capabilities: ClientCapabilities = ClientCapabilities(json: [:]),
        input: InputHandlers = InputHandlers(),
        limits: ConnectionLimits = ConnectionLimits(),
        pageLimit: Int = 1000
    ) {
        self.era = era
        self.info = info
        self.capabilities = capabilities
        self.input = input
        self.limits = limits
        self.pageLimit = pageLimit
    }
}

/// Which era of the protocol a client speaks.
public enum EraChoice: Sendable, Hashable {
    /// Finds out: asks a modern question first and shakes hands if that is not understood.
    case auto
    /// Shakes hands with `initialize`, at the newest revision that has it.
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

/// How long a client waits for what.
public struct ConnectionLimits: Sendable, Hashable {
    /// The time for making a connection, negotiation included.
    public var connect: Duration
    /// The longest time of one request, whatever progress it makes.
    public var request: Duration?
    /// The longest time of one request without an answer or a sign of progress.
    public var idle: Duration?
    /// The longest time of an operation of several requests, such as a list of many pages.
    public var total: Duration?
    /// How long a modern question may stay without an answer before the handshake follows it.
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
