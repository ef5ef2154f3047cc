/// What a revision has, as data: one row of the revision table.
///
/// Each row is derived from the one before, the way the changelog of the specification reads. What is not in a row does
/// not exist in its revision: absence is the gate.
public struct RevisionProfile: Sendable {
    /// Whose row this is.
    public let revision: Revision
    /// The requests.
    public internal(set) var methods: [Method: MessageRule] = [:]
    /// The notifications.
    public internal(set) var notifications: [NotificationName: MessageRule] = [:]
    /// The names that client capabilities may have.
    public internal(set) var clientCapabilities: Set<String> = []
    /// The names that server capabilities may have.
    public internal(set) var serverCapabilities: Set<String> = []
    /// The features.
    public internal(set) var features: FeatureSet = []
    /// The content blocks of tool results and prompts.
    public internal(set) var contentKinds: Set<ContentKind> = []
    /// The content blocks of sampling.
    public internal(set) var samplingContentKinds: Set<ContentKind> = []
    /// What the error codes mean.
    public internal(set) var errorMeanings: [ErrorCode: String] = [:]
    /// The JSON Schema dialect of a tool's schema that names none.
    public internal(set) var schemaDialect = ""

    init(revision: Revision) {
        self.revision = revision
    }

    /// Tells whether a request may travel that way, with the extensions that both sides declared.
    public func allows(_ method: Method, _ direction: Direction, with extensions: Set<ExtensionID> = []) -> Bool {
        methods[method]?.allows(direction, with: extensions) ?? false
    }

    /// Tells whether a notification may travel that way, with the extensions that both sides declared.
    public func allows(
        notification: NotificationName,
        _ direction: Direction,
        with extensions: Set<ExtensionID> = []
    ) -> Bool {
        notifications[notification]?.allows(direction, with: extensions) ?? false
    }

    /// Tells whether the revision has a feature.
    public func has(_ feature: Feature) -> Bool {
        features.contains(feature)
    }

    /// What an error code means, or nothing if the revision gives it no meaning.
    public func meaning(of code: ErrorCode) -> String? {
        errorMeanings[code]
    }
}

extension MessageRule {
    func allows(_ direction: Direction, with extensions: Set<ExtensionID>) -> Bool {
        directions.contains(direction) && extensionID.map(extensions.contains) ?? true
    }
}

extension Revision {
    /// Tells whether the revision has a feature; cheaper than to ask its profile, which is a large value.
    public func has(_ feature: Feature) -> Bool {
        Self.features[position].contains(feature)
    }

    private static let features = allCases.map(\.profile.features)

    /// What the revision has.
    public var profile: RevisionProfile {
        switch self {
        case .v2024_11_05: .profile2024_11_05
        case .v2025_03_26: .profile2025_03_26
        case .v2025_06_18: .profile2025_06_18
        case .v2025_11_25: .profile2025_11_25
        case .v2026_07_28: .profile2026_07_28
        }
    }
}

// MARK: - Writing a row

extension RevisionProfile {
    /// The row of the revision that follows, as changed from this one.
    func deriving(_ revision: Revision, _ change: (inout RevisionProfile) -> Void) -> RevisionProfile {
        var next = RevisionProfile(revision: revision)
        next.methods = methods
        next.notifications = notifications
        next.clientCapabilities = clientCapabilities
        next.serverCapabilities = serverCapabilities
        next.features = features
        next.contentKinds = contentKinds
        next.samplingContentKinds = samplingContentKinds
        next.errorMeanings = errorMeanings
        next.schemaDialect = schemaDialect
        change(&next)
        return next
    }

    mutating func add(
        _ methods: Method...,
        going directions: Direction...,
        needing capability: CapabilityPath? = nil,
        under extensionID: ExtensionID? = nil
    ) {
        for method in methods {
            self.methods[method] = MessageRule(
                directions: Set(directions),
                capability: capability,
                extensionID: extensionID
            )
        }
    }

    mutating func add(
        _ notifications: NotificationName...,
        going directions: Direction...,
        needing capability: CapabilityPath? = nil,
        under extensionID: ExtensionID? = nil
    ) {
        for notification in notifications {
            self.notifications[notification] = MessageRule(
                directions: Set(directions),
                capability: capability,
                extensionID: extensionID
            )
        }
    }

    mutating func remove(_ methods: Method...) {
        for method in methods { self.methods[method] = nil }
    }

    mutating func remove(_ notifications: NotificationName...) {
        for notification in notifications { self.notifications[notification] = nil }
    }

    mutating func add(_ features: Feature...) {
        self.features.formUnion(features)
    }

    mutating func remove(_ features: Feature...) {
        self.features.subtract(features)
    }
}
