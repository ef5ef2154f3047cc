/// Everything that a revision defines, as data.
///
/// A class, because it is read with every request and too large to copy.
public final class RevisionProfile: Sendable {
    private let row: RevisionRow

    init(_ row: RevisionRow) {
        self.row = row
    }

    /// The revision that this profile describes.
    public var revision: Revision { row.revision }
    /// The requests by method.
    public var methods: [Method: MessageRule] { row.methods }
    /// The notifications by name.
    public var notifications: [NotificationName: MessageRule] { row.notifications }
    /// The legal names of client capabilities.
    public var clientCapabilities: Set<String> { row.clientCapabilities }
    /// The legal names of server capabilities.
    public var serverCapabilities: Set<String> { row.serverCapabilities }
    /// The features of the revision.
    public var features: FeatureSet { row.features }
    /// The content kinds of tool results and prompts.
    public var contentKinds: Set<ContentKind> { row.contentKinds }
    /// The content kinds of sampling.
    public var samplingContentKinds: Set<ContentKind> { row.samplingContentKinds }
    /// The meaning of each error code.
    public var errorMeanings: [ErrorCode: String] { row.errorMeanings }
    /// The JSON Schema dialect of tool schemas without `$schema`.
    public var schemaDialect: String { row.schemaDialect }

    /// Whether a request may travel in a direction, given the extensions that both sides declared.
    public func allows(_ method: Method, _ direction: Direction, with extensions: Set<ExtensionID> = []) -> Bool {
        row.methods[method]?.allows(direction, with: extensions) ?? false
    }

    /// Whether a notification may travel in a direction, given the extensions that both sides declared.
    public func allows(
        notification: NotificationName,
        _ direction: Direction,
        with extensions: Set<ExtensionID> = []
    ) -> Bool {
        row.notifications[notification]?.allows(direction, with: extensions) ?? false
    }

    /// Whether the revision has a feature.
    public func has(_ feature: Feature) -> Bool {
        row.features.contains(feature)
    }

    /// The path of a page below the revision on the site of the specification; nil if the revision does not have it.
    func path(of page: SpecificationPage) -> String? {
        row.pages[page]
    }

    /// The meaning of an error code, or nil if the revision does not define it.
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
    /// Whether the revision has a feature.
    public func has(_ feature: Feature) -> Bool {
        profile.has(feature)
    }

    /// The profile of the revision.
    public var profile: RevisionProfile { Self.profiles[position] }

    private static let profiles = allCases.map { RevisionProfile(RevisionRow.row(of: $0)) }
}
