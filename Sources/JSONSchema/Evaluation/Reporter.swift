import JSON

/// Keeps track of where a validation is and of the violations it has found.
struct Reporter {
    private(set) var violations: [Violation] = []
    private(set) var instancePath = JSONPointer()
    private var keywordPath: [String] = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// How deep in the value the walk is.
    var instanceDepth: Int { instancePath.tokens.count }

    /// The value that is looked at, as the subject of a sentence.
    var subject: String {
        instancePath.tokens.isEmpty ? "the value" : "the value at \(instancePath)"
    }

    mutating func enter(keyword: [String], member: String?) {
        keywordPath += keyword
        if let member { instancePath = instancePath.appending(member) }
    }

    mutating func leave(keyword: [String], member: String?) {
        keywordPath.removeLast(keyword.count)
        if member != nil { instancePath = JSONPointer(instancePath.tokens.dropLast()) }
    }

    mutating func report(_ keyword: String, of subschema: Subschema, in program: Program, _ message: String) {
        guard violations.count < limit else { return }
        let uri = program.resourceURIs[subschema.resource]
        // A schema that is `false` has no keyword of its own.
        let steps = subschema.refusesAll ? [] : [keyword]
        violations.append(
            Violation(
                instanceLocation: instancePath,
                keywordLocation: JSONPointer(keywordPath + steps),
                absoluteKeywordLocation: uri.isEmpty
                    ? nil : "\(uri)#\(JSONPointer(subschema.pointer.tokens + steps))",
                keyword: keyword,
                message: message
            )
        )
    }

    /// Takes out what was found since then, to be judged as a whole.
    mutating func takeViolations() -> [Violation] {
        defer { violations = [] }
        return violations
    }

    mutating func restore(_ former: [Violation]) {
        violations = former
    }
}
