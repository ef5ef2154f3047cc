import JSON

/// Tracks the position of a validation and collects the violations it finds.
struct Reporter {
    /// One step from a value to a value inside it.
    enum Step {
        case property(String)
        case element(Int)
        /// The name of a property, which `propertyNames` checks as a value of its own.
        case nameOfProperty(String)

        var token: String {
            switch self {
            case .property(let name), .nameOfProperty(let name): name
            case .element(let index): String(index)
            }
        }
    }

    private(set) var violations: [Violation] = []
    private var steps: [Step] = []
    private var keywordPath: [String] = []
    private let limit: Int
    private let terms: ValueTerms

    init(limit: Int, terms: ValueTerms) {
        self.limit = limit
        self.terms = terms
    }

    /// The number of steps from the root of the value to the current position.
    var instanceDepth: Int { steps.count }

    /// The noun for a property of the value at the current position.
    var propertyNoun: String {
        steps.isEmpty ? terms.property : ValueTerms.value.property
    }

    mutating func enter(keyword: [String], step: Step? = nil) {
        keywordPath += keyword
        if let step { steps.append(step) }
    }

    mutating func leave(keyword: [String], step: Step? = nil) {
        keywordPath.removeLast(keyword.count)
        if step != nil { steps.removeLast() }
    }

    mutating func report(_ keyword: String, of subschema: Subschema, in program: Program, _ fault: Fault) {
        guard violations.count < limit else { return }
        let uri = program.resourceURIs[subschema.resource]
        // A schema that is `false` has no keyword of its own.
        let tokens = subschema.refusesAll ? [] : [keyword]
        violations.append(
            Violation(
                instanceLocation: JSONPointer(steps.map(\.token)),
                keywordLocation: JSONPointer(keywordPath + tokens),
                absoluteKeywordLocation: uri.isEmpty
                    ? nil : "\(uri)#\(JSONPointer(subschema.pointer.tokens + tokens))",
                keyword: keyword,
                message: MessageFormatter.message(
                    fault,
                    at: fault.isAboutParent ? steps.dropLast() : steps[...],
                    terms
                ),
                fault: fault.text
            )
        )
    }

    /// Removes and returns the violations found so far, so that those of one alternative can be judged together.
    mutating func takeViolations() -> [Violation] {
        defer { violations = [] }
        return violations
    }

    mutating func restore(_ earlier: [Violation]) {
        violations = earlier
    }
}

/// What is wrong with one value, without its location.
struct Fault {
    let text: String
    /// A missing or unknown property at the root needs no location.
    let namesProperty: Bool
    /// An unknown property is located at itself, but described as a fault of the object that has it.
    let isAboutParent: Bool

    static func value(_ text: String) -> Fault {
        Fault(text: text, namesProperty: false, isAboutParent: false)
    }

    static func missingProperty(_ text: String) -> Fault {
        Fault(text: text, namesProperty: true, isAboutParent: false)
    }

    static func unknownProperty(_ text: String) -> Fault {
        Fault(text: text, namesProperty: true, isAboutParent: true)
    }
}
