/// Something that some revisions have and others have not, and that decides how a peer behaves.
///
/// What shows in methods, capabilities, content kinds or members of types has its place there and not here.
public enum Feature: UInt8, CaseIterable, Hashable, Sendable {
    // MARK: Messages

    /// Several messages may travel in one array.
    case batching
    /// An error response may leave its id out where the request's could not be read.
    case errorWithoutID
    /// Every request carries version and capabilities in `_meta`, and nothing is remembered.
    case statelessEnvelope
    /// Every result says what kind it is.
    case resultType
    /// The server asks inside a result, and the client repeats its request with the answers.
    case inputRequired
    /// Results say how long they may be kept.
    case caching
    /// Keys of `_meta` follow a grammar.
    case metaKeyGrammar

    // MARK: Lifecycle and transport

    /// `initialize` opens a session.
    case initializeHandshake
    /// Extensions are declared beside the capabilities.
    case extensions
    /// There are two endpoints, and the server speaks by server-sent events only.
    case twoEndpointHTTP
    /// One endpoint answers with JSON or server-sent events.
    case streamableHTTP
    /// An HTTP session has an id, and a stream can be taken up again.
    case httpSessions
    /// The server may let go of a stream for a while and have the client come back for the rest.
    case pollingStreams
    /// HTTP requests name their version in a header.
    case versionHeader
    /// HTTP requests name their method and its object in headers.
    case routingHeaders

    // MARK: Features

    /// The level of logging is set once for a session.
    case sessionLogLevel
    /// The level of logging is set by each request.
    case requestLogLevel
    /// A tool has hints about what calling it does.
    case toolAnnotations
    /// A tool has an output schema, and its result has data.
    case structuredContent
    /// The data of a tool's result may be any JSON value, and its schema any schema.
    case anyStructuredContent
    /// Arguments that break a tool's schema are an error of the tool, not of the protocol.
    case argumentErrorsInResult
    /// Things have titles to show.
    case titles
    /// Things have pictures to show.
    case icons
    /// A completion is told which arguments are filled in already.
    case completionContext
    /// A progress notification says what is being done.
    case progressMessage
    /// A user can be sent to a URL.
    case urlElicitation
    /// A form can have defaults, titled choices and choices of several values.
    case richForms
    /// A model can be asked with tools.
    case samplingTools
    /// Requests can become tasks because their sender wishes it.
    case tasks
}

/// A set of features, as bits: servers ask for them with every request.
public struct FeatureSet: Sendable, Hashable, ExpressibleByArrayLiteral {
    private var bits: UInt64 = 0

    /// Creates a set.
    public init(arrayLiteral features: Feature...) {
        formUnion(features)
    }

    /// Tells whether a feature is in the set.
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
