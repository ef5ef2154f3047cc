public import JSON

/// A typed view over an object as it was received.
///
/// Nothing is decoded. Accessors read from ``json`` and return nil if a member is missing or has another type, so that
/// unknown members, their order and number literals survive. ``problems(in:)`` reports what breaks the schema.
public protocol JSONObjectView: JSONConvertible, Hashable {
    /// The wrapped JSON object.
    var json: JSONObject { get set }

    /// Wraps a JSON object without validating it.
    init(json: JSONObject)

    /// The member rules of all revisions.
    static var members: [Member] { get }

    /// Returns the violations of the schema of a revision; empty if the object conforms.
    ///
    /// Unknown members are not a problem, because objects of the protocol are open.
    func problems(in revision: Revision) -> [Problem]
}

extension JSONObjectView {
    /// Wraps a JSON object without validating it.
    public init?(jsonValue: JSONValue) {
        guard let object = jsonValue.object else { return nil }
        self.init(json: object)
    }

    /// The object as a JSON value.
    public var jsonValue: JSONValue { .object(json) }

    /// The metadata.
    ///
    /// Keys follow the grammar of ``MetaKey``.
    public var meta: JSONObject? {
        get { self["_meta"] }
        set { self["_meta"] = newValue }
    }

    /// Returns the violations of the schema of a revision.
    public func problems(in revision: Revision) -> [Problem] {
        Self.members.problems(of: json, in: revision)
    }

    /// The value of a member, or nil if it is missing or has another type.
    ///
    /// Setting nil removes the member.
    subscript<Value: JSONConvertible>(name: String) -> Value? {
        get { json[name].flatMap(Value.init(jsonValue:)) }
        set { json[name] = newValue?.jsonValue }
    }
}
