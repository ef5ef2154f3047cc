/// What a revision has, as data.
///
/// A class, for it is asked with every request and too large to be copied each time.
public final class RevisionProfile: Sendable {
    private let row: RevisionRow

    init(_ row: RevisionRow) {
        self.row = row
    }

    /// Whose profile this is.
    public var revision: Revision { row.revision }
    /// The requests.
    public var methods: [Method: MessageRule] { row.methods }
    /// The notifications.
    public var notifications: [NotificationName: MessageRule] { row.notifications }
    /// The names that client capabilities may have.
    public var clientCapabilities: Set<String> { row.clientCapabilities }
    /// The names that server capabilities may have.
    public var serverCapabilities: Set<String> { row.serverCapabilities }
    /// The features.
    public var features: FeatureSet { row.features }
    /// The content blocks of tool results and prompts.
    public var contentKinds: Set<ContentKind> { row.contentKinds }
    /// The content blocks of sampling.
    public var samplingContentKinds: Set<ContentKind> { row.samplingContentKinds }
    /// What the error codes mean.
    public var errorMeanings: [ErrorCode: String] { row.errorMeanings }
    /// The JSON Schema dialect of a tool's schema that names none.
    public var schemaDialect: String { row.schemaDialect }

    /// Tells whether a request may travel that way, with the extensions that both sides declared.
    public func allows(_ method: Method, _ direction: Direction, with extensions: Set<ExtensionID> = []) -> Bool {
        row.methods[method]?.allows(direction, with: extensions) ?? false
    }

    /// Tells whether a notification may travel that way, with the extensions that both sides declared.
    public func allows(
        notification: NotificationName,
        _ direction: Direction,
        with extensions: Set<ExtensionID> = []
    ) -> Bool {
        row.notifications[notification]?.allows(direction, with: extensions) ?? false
    }

    /// Tells whether the revision has a feature.
    public func has(_ feature: Feature) -> Bool {
        row.features.contains(feature)
    }

    /// What an error code means, or nothing if the revision gives it no meaning.
    public func meaning(of code: ErrorCode) -> String? {
        row.errorMeanings[code]
    }
}

extension MessageRule {
    func allows(_ direction: Direction, with extensions: Set<ExtensionID>) -> Bool {
        directions.contains(direction) && extensionID.map(extensions.contains) ?? true
    }
}

extension Revision {
    /// Tells whether the revision has a feature.
    public func has(_ feature: Feature) -> Bool {
        profile.has(feature)
    }

    /// What the revision has.
    public var profile: RevisionProfile { Self.profiles[position] }

    private static let profiles = allCases.map { RevisionProfile(RevisionRow.row(of: $0)) }
}
