import JSON

/// What the schemas say about one member of an object.
///
/// A member whose rule changed between revisions stands more than once, with ranges that do not overlap.
public struct Member: Sendable {
    /// The member's name.
    public let name: String
    /// What its value must look like.
    public let shape: ValueShape
    /// Whether it must be there.
    public let isRequired: Bool
    /// The revisions for which this rule holds.
    public let revisions: ClosedRange<Revision>

    /// Creates the rule for a member that must be there.
    public static func required(
        _ name: String,
        _ shape: ValueShape,
        since first: Revision = .earliest,
        through last: Revision = .latest
    ) -> Member {
        Member(name: name, shape: shape, isRequired: true, revisions: first...last)
    }

    /// Creates the rule for a member that may be left out.
    public static func optional(
        _ name: String,
        _ shape: ValueShape,
        since first: Revision = .earliest,
        through last: Revision = .latest
    ) -> Member {
        Member(name: name, shape: shape, isRequired: false, revisions: first...last)
    }

    /// Adds what is wrong with this member of an object.
    func check(_ object: JSONObject, in revision: Revision, into problems: inout [Problem]) {
        guard revisions.contains(revision) else { return }
        // Names of the protocol are ASCII: what is canonically equal to one and as long is the same scalars.
        let length = name.utf8.count
        if let member = object.members.last(where: { $0.key.utf8.count == length && $0.key == name }) {
            problems.collect(under: name) { shape.check(member.value, in: revision, into: &$0) }
        } else if isRequired {
            problems.append(Problem("“\(name)” is missing: revision \(revision) requires it, as \(shape)."))
        }
    }
}

extension [Member] {
    /// Lists what is wrong with an object by these rules.
    func problems(of object: JSONObject, in revision: Revision) -> [Problem] {
        var problems: [Problem] = []
        for member in self { member.check(object, in: revision, into: &problems) }
        return problems
    }
}
