import JSON

/// Keywords about the properties of objects.
extension Evaluator {
    mutating func checkMemberNames(_ number: Int, _ instance: JSONValue) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard case .object(let object) = instance else { return true }
        var isValid = true
        for key in object.keys {
            if try apply(number, to: .string(key), at: .nameOfProperty(key), by: ["propertyNames"]) { continue }
            guard reporter != nil else { return false }
            isValid = false
        }
        return isValid
    }

    mutating func checkUnevaluatedMembers(
        _ number: Int,
        of subschema: Int,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard case .object(let object) = instance else { return true }
        var isValid = true
        for (index, member) in object.members.enumerated() where !seen.contains(index) {
            if try applyRest(number, to: member, as: "unevaluatedProperties", of: subschema, allowed: nil) { continue }
            guard reporter != nil else { return false }
            isValid = false
        }
        seen.all = true
        return isValid
    }

    mutating func checkMembers(
        _ rule: MemberRule,
        of subschema: Int,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard case .object(let object) = instance else { return true }
        var isValid = true
        for (index, member) in object.members.enumerated() {
            var isKnown = false
            if let number = rule.named[ScalarString(member.key)] {
                isKnown = true
                if try !apply(number, to: member.value, at: .property(member.key), by: ["properties", member.key]) {
                    guard reporter != nil else { return false }
                    isValid = false
                }
            }
            for entry in rule.patterned where try entry.pattern.matches(member.key, budget: &budget) {
                isKnown = true
                let path = ["patternProperties", entry.pattern.source]
                if try !apply(entry.schema, to: member.value, at: .property(member.key), by: path) {
                    guard reporter != nil else { return false }
                    isValid = false
                }
            }
            if !isKnown, let additional = rule.additional {
                isKnown = true
                if try !applyRest(
                    additional,
                    to: member,
                    as: "additionalProperties",
                    of: subschema,
                    allowed: rule.names
                ) {
                    guard reporter != nil else { return false }
                    isValid = false
                }
            }
            if isKnown, program.tracksEvaluation { seen.indices.insert(index) }
        }
        return isValid
    }

    /// Applies the schema for undeclared properties.
    ///
    /// One that refuses all has a message of its own.
    private mutating func applyRest(
        _ number: Int,
        to member: JSONObject.Member,
        as keyword: String,
        of subschema: Int,
        allowed: [String]?
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard program.subschemas[number].refusesAll else {
            return try apply(number, to: member.value, at: .property(member.key), by: [keyword])
        }
        guard let noun = reporter?.propertyNoun else { return false }
        reporter?.enter(keyword: [], step: .property(member.key))
        defer { reporter?.leave(keyword: [], step: .property(member.key)) }
        report(MessageFormatter.unknownProperty(member.key, allowed: allowed, noun: noun), keyword, of: subschema)
        return false
    }
}
