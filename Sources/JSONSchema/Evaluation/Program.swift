import JSON

/// A schema compiled for validation: subschemas by number, so that they can refer to each other in circles.
struct Program: Sendable {
    var subschemas: [Subschema] = []
    var root = 0
    /// For each resource the subschemas that `$dynamicRef` can find in it by name.
    var dynamicAnchors: [Int: [String: Int]] = [:]
    /// The URI of each resource.
    var resourceURIs: [String] = []
    /// Tells whether any `unevaluated…` keyword needs to know what others have looked at.
    var tracksEvaluation = false
}

/// One schema object or boolean.
struct Subschema: Sendable {
    var keywords: [Keyword] = []
    /// The resource it belongs to.
    var resource: Int
    /// Where it is, counted from the root of its resource.
    var pointer: JSONPointer
    /// Tells whether it is the schema `false`.
    var refusesAll = false
}

/// A keyword, or a few that work as one, with what they ask for.
struct Keyword: Sendable {
    /// The name as it stands in the schema; the first one of a few.
    let name: String
    let rule: Rule
}

/// What a keyword asks for; numbers are those of subschemas.
///
/// Indirect, so that keywords are small: they are copied on the way, and the stack of deep validations is made of them.
indirect enum Rule: Sendable {
    case assertion(Assertion)
    case pattern(Pattern)
    case format(Format)
    case reference(Int)
    case dynamicReference(initial: Int, anchor: String)
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    case conditional(ConditionalRule)
    case dependentSchemas([(trigger: String, schema: Int)])
    case members(MemberRule)
    case memberNames(Int)
    case elements(ElementRule)
    case contains(ContainsRule)
    case unevaluatedMembers(Int)
    case unevaluatedElements(Int)
}

/// `if` with `then` and `else`.
struct ConditionalRule: Sendable {
    let condition: Int
    let then: Int?
    let otherwise: Int?
}

/// `properties`, `patternProperties` and `additionalProperties`, which share out the members of an object.
struct MemberRule: Sendable {
    var named: [ScalarString: Int] = [:]
    var patterned: [(pattern: Pattern, schema: Int)] = []
    var additional: Int?
    /// The declared names in their order, for messages.
    var names: [String] = []
}

/// `prefixItems` and `items`, or `items` and `additionalItems` in draft-07.
struct ElementRule: Sendable {
    var prefix: [Int] = []
    var rest: Int?
    var prefixKeyword: String
    var restKeyword: String
}

/// `contains` with its bounds.
struct ContainsRule: Sendable {
    let schema: Int
    let minimum: Int
    let maximum: Int?
}

/// A string that is compared scalar by scalar, as the names of members are.
struct ScalarString: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (one: ScalarString, other: ScalarString) -> Bool {
        one.text.hasSameScalars(as: other.text)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
