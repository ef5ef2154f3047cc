/// The description of a resource or of the resources that a template stands for.
///
/// Source: "Resources", all revisions.
public protocol ResourceDescription: IllustratedView {}

extension ResourceDescription {
    /// The media type of the content; of a template only if all its resources share one.
    public var mimeType: String? {
        get { self["mimeType"] }
        set { self["mimeType"] = newValue }
    }

    /// The intended audience and the priority.
    public var annotations: Annotations? {
        get { self["annotations"] }
        set { self["annotations"] = newValue }
    }
}
