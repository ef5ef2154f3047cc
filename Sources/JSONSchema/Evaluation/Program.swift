import JSON

/// A schema compiled for validation.
///
/// Subschemas refer to each other by index, so that cycles are possible.
struct Program: Sendable {
    var subschemas: [Subschema] = []
    var root = 0
    /// For each resource, the subschemas that `$dynamicRef` can find in it, by anchor.
    var dynamicAnchors: [Int: [String: Int]] = [:]
    /// The URI of each resource.
    var resourceURIs: [String] = []
    /// Whether an `unevaluated…` keyword needs to know what the other keywords have evaluated.
    var tracksEvaluation = false
}

/// One schema object or boolean.
struct Subschema: Sendable {
    var keywords: [Keyword] = []
    /// The index of the resource that it belongs to.
    var resource: Int
    /// The location within the resource.
    var pointer: JSONPointer
    /// Whether it is the schema `false`.
    var refusesAll = false

    /// The names in `properties`, in order.
    var declaredProperties: [String] {
        for keyword in keywords {
            if case .members(let rule) = keyword.rule { return rule.names }
        }
        return []
    }
}

/// A keyword, or several that are checked together.
struct Keyword: Sendable {
    /// The name in the schema, the first of several.
    let name: String
    let rule: Rule
}

/// What a keyword requires.
///
/// Integers are indices of subschemas.
///
/// Indirect to keep keywords small: evaluation copies them, and a deep validation holds one per level on the stack.
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

/// `properties`, `patternProperties` and `additionalProperties`: each property of an object falls to some of them.
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

/// A string that is compared scalar by scalar, as JSON compares the names of properties.
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
