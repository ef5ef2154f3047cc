import JSON

/// Parameters that name a resource.
public protocol ResourceReference: JSONObjectView {}

extension ResourceReference {
    /// Creates parameters that name a resource.
    public init(uri: String) {
        self.init(json: [:])
        self.uri = uri
    }

    /// The URI of the resource.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }
}
