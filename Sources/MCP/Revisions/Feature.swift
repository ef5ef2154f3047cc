/// A feature that some revisions have and that changes how a peer behaves.
///
/// Methods, capabilities, content kinds and members of types are listed elsewhere in the profile, not here.
public enum Feature: UInt8, CaseIterable, Hashable, Sendable {
    // MARK: Messages

    /// One array can carry several messages.
    case batching
    /// An error response can omit the ID if the request's ID could not be read.
    case errorWithoutID
    /// Every request carries version and capabilities in `_meta`; there is no session.
    case statelessEnvelope
    /// Every result carries its kind.
    case resultType
    /// The server requests input in a result, and the client repeats its request with the responses.
    case inputRequired
    /// Results carry caching hints.
    case caching
    /// `_meta` keys follow a grammar.
    case metaKeyGrammar

    // MARK: Lifecycle and transport

    /// `initialize` opens a session.
    case initializeHandshake
    /// Extensions are declared in the capabilities.
    case extensions
    /// HTTP+SSE: two endpoints, and the server sends server-sent events only.
    case twoEndpointHTTP
    /// Streamable HTTP: one endpoint that responds with JSON or server-sent events.
    case streamableHTTP
    /// HTTP sessions have an ID, and streams can be resumed.
    case httpSessions
    /// The server may close a stream early; the client reconnects for the rest.
    case pollingStreams
    /// HTTP requests carry the protocol version in a header.
    case versionHeader
    /// HTTP requests carry the method and its object in headers.
    case routingHeaders

    // MARK: Features

    /// The log level is set once per session.
    case sessionLogLevel
    /// The log level is set with each request.
    case requestLogLevel
    /// Tools have annotations.
    case toolAnnotations
    /// Tools have output schemas and structured results.
    case structuredContent
    /// Structured results can be any JSON value, and output schemas any JSON Schema.
    case anyStructuredContent
    /// Arguments that break a tool's schema cause a tool error, not a protocol error.
    case argumentErrorsInResult
    /// Named objects have titles.
    case titles
    /// Named objects have icons.
    case icons
    /// Completions receive the arguments that are already filled in.
    case completionContext
    /// Progress notifications carry a message.
    case progressMessage
    /// Elicitation by URL exists.
    case urlElicitation
    /// Forms can have defaults, titled options and choices of several options.
    case richForms
    /// Sampling with tools exists.
    case samplingTools
    /// Requests become tasks when their sender requests it.
    case tasks
}

/// A set of features.
///
/// Servers look into it with every request, so it is stored as bits.
public struct FeatureSet: Sendable, Hashable, ExpressibleByArrayLiteral {
    private var bits: UInt64 = 0

    /// Creates a set.
    public init(arrayLiteral features: Feature...) {
        formUnion(features)
    }

    /// Whether the set contains a feature.
    public func contains(_ feature: Feature) -> Bool {
        bits & feature.bit != 0
    }

    mutating func formUnion(_ features: [Feature]) {
        for feature in features { bits |= feature.bit }
    }

    mutating func subtract(_ features: [Feature]) {
        for feature in features { bits &= ~feature.bit }
    }
}

extension Feature {
    fileprivate var bit: UInt64 { 1 << UInt64(rawValue) }
}
