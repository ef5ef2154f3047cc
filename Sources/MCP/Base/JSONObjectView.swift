public import JSON

/// A typed view over an object as it was received.
///
/// Nothing is decoded: the accessors look into ``json`` and give `nil` where a member is absent or of another type, so
/// that members nobody knows, their order and their literals survive. What breaks the schema is told by ``problems(in:)``.
public protocol JSONObjectView: JSONConvertible, Hashable {
    /// The object as it was received or will be sent.
    var json: JSONObject { get set }

    /// Looks at an object as this type, whatever is in it.
    init(json: JSONObject)

    /// What the schemas of all revisions say about the members of this type.
    static var members: [Member] { get }

    /// Lists what is wrong by the schema of a revision; an empty list says that it conforms.
    ///
    /// Members that the revision does not know are no problem: objects of the protocol are open.
    func problems(in revision: Revision) -> [Problem]
}

extension JSONObjectView {
    /// Looks at an object as this type, or nothing if the value is no object.
    public init?(jsonValue: JSONValue) {
        guard let object = jsonValue.object else { return nil }
        self.init(json: object)
    }

    /// The object as a value.
    public var jsonValue: JSONValue { .object(json) }

    /// Metadata whose keys follow the grammar of ``MetaKey``.
    public var meta: JSONObject? {
        get { self["_meta"] }
        set { self["_meta"] = newValue }
    }

    /// Lists what is wrong by the schema of a revision.
    public func problems(in revision: Revision) -> [Problem] {
        Self.members.problems(of: json, in: revision)
    }

    /// The member of that name, or nothing if it is absent or of another type; setting nothing removes it.
    subscript<Value: JSONConvertible>(name: String) -> Value? {
        get { json[name].flatMap(Value.init(jsonValue:)) }
        set { json[name] = newValue?.jsonValue }
    }
}
