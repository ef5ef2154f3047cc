/// An object with a name for programs and a title for people.
///
/// Source: `BaseMetadata` in the schemas since 2025-06-18; the name in all revisions.
public protocol NamedView: JSONObjectView {}

extension NamedView {
    /// The name that programs use.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The name shown to people.
    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// A description of the object; of tools, resources and templates for the model.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }
}

/// A named object with icons.
///
/// Source: 2025-11-25, basic protocol, "Icons".
public protocol IllustratedView: NamedView {}

extension IllustratedView {
    /// Icons to show in a user interface.
    public var icons: [Icon]? {
        get { self["icons"] }
        set { self["icons"] = newValue }
    }
}
