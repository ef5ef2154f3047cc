/// The definition of a revision: one row of the revision table.
///
/// Each row is derived from the previous one and reads like the specification's changelog. What is missing from a row does
/// not exist in its revision.
struct RevisionRow: Sendable {
    let revision: Revision
    var methods: [Method: MessageRule] = [:]
    var notifications: [NotificationName: MessageRule] = [:]
    var clientCapabilities: Set<String> = []
    var serverCapabilities: Set<String> = []
    var features: FeatureSet = []
    var contentKinds: Set<ContentKind> = []
    var samplingContentKinds: Set<ContentKind> = []
    var errorMeanings: [ErrorCode: String] = [:]
    var schemaDialect = ""
    /// The paths of pages below the revision on the site of the specification.
    var pages: [SpecificationPage: String] = [:]

    init(revision: Revision) {
        self.revision = revision
    }

    /// The row of a revision.
    static func row(of revision: Revision) -> RevisionRow {
        switch revision {
        case .v2024_11_05: row2024_11_05
        case .v2025_03_26: row2025_03_26
        case .v2025_06_18: row2025_06_18
        case .v2025_11_25: row2025_11_25
        case .v2026_07_28: row2026_07_28
        }
    }
}

// MARK: - Writing a row

extension RevisionRow {
    /// The row of the next revision, derived from this one.
    func deriving(_ revision: Revision, _ change: (inout RevisionRow) -> Void) -> RevisionRow {
        var next = RevisionRow(revision: revision)
        next.methods = methods
        next.notifications = notifications
        next.clientCapabilities = clientCapabilities
        next.serverCapabilities = serverCapabilities
        next.features = features
        next.contentKinds = contentKinds
        next.samplingContentKinds = samplingContentKinds
        next.errorMeanings = errorMeanings
        next.schemaDialect = schemaDialect
        next.pages = pages
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
