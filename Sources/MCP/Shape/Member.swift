import JSON

/// The rule for one member of an object, in a range of revisions.
///
/// A member whose rule changed between revisions has one rule per range. Ranges do not overlap.
public struct Member: Sendable {
    /// The member's name.
    public let name: String
    /// The shape of the value.
    public let shape: ValueShape
    /// Whether the member must be present.
    public let isRequired: Bool
    /// The revisions in which the rule applies.
    public let revisions: ClosedRange<Revision>

    /// Creates the rule of a required member.
    public static func required(
        _ name: String,
        _ shape: ValueShape,
        since first: Revision = .earliest,
        through last: Revision = .latest
    ) -> Member {
        Member(name: name, shape: shape, isRequired: true, revisions: first...last)
    }

    /// Creates the rule of an optional member.
    public static func optional(
        _ name: String,
        _ shape: ValueShape,
        since first: Revision = .earliest,
        through last: Revision = .latest
    ) -> Member {
        Member(name: name, shape: shape, isRequired: false, revisions: first...last)
    }

    /// Appends the violations in this member of an object.
    func check(_ object: JSONObject, in revision: Revision, into problems: inout [Problem]) {
        guard revisions.contains(revision) else { return }
        // Protocol names are ASCII, so a key that is canonically equal and equally long is identical.
        let length = name.utf8.count
        if let member = object.members.last(where: { $0.key.utf8.count == length && $0.key == name }) {
            problems.collect(under: name) { shape.check(member.value, in: revision, into: &$0) }
        } else if isRequired {
            problems.append(Problem("Required member `\(name)` is missing (revision \(revision)); expected \(shape)."))
        }
    }
}

extension [Member] {
    /// Returns the violations of these rules in an object.
    func problems(of object: JSONObject, in revision: Revision) -> [Problem] {
        var problems: [Problem] = []
        for member in self { member.check(object, in: revision, into: &problems) }
        return problems
    }
}
