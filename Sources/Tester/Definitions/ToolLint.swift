import JSON
import JSONSchema
import MCP

/// What is wrong or unhelpful in the definition of a tool.
struct ToolLint {
    let tool: JSONValue
    let revision: Revision

    /// The findings, faults of the protocol first.
    var findings: [Finding] {
        (nameFindings + inputFindings + outputFindings + annotationFindings + textFindings).map { finding in
            finding.page == nil ? finding : finding.on(.tools)
        }
    }

    // MARK: - Name

    /// Source: 2025-11-25, "Tools", tool names.
    private var nameFindings: [Finding] {
        guard let name = tool["name"]?.string else {
            return [Finding(.protocolError, "The tool has no name.")]
        }
        var findings: [Finding] = []
        if name.isEmpty || name.unicodeScalars.count > 128 {
            findings.append(
                Finding(.protocolError, "The name has \(name.unicodeScalars.count) characters; 1 to 128 are allowed.")
            )
        } else if name.utf8.count > 64 {
            findings.append(Finding(.usage, "The name has \(name.utf8.count) characters; some hosts allow 64 at most."))
        }
        let odd = Set(name.unicodeScalars.filter { !Self.isNameScalar($0) }.map { "\"\($0)\"" }).sorted()
        if !odd.isEmpty {
            findings.append(
                Finding(
                    .protocolError,
                    "The name contains \(odd.joined(separator: ", ")); use only letters, digits, \"_\", \"-\" and \".\"."
                )
            )
        }
        return findings
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
        default: false
        }
    }

    // MARK: - Schemas

    private var inputFindings: [Finding] {
        guard let schema = tool["inputSchema"], !schema.isNull else {
            return [
                Finding(.protocolError, "The tool has no inputSchema. For no parameters, use {\"type\": \"object\"}.")
            ]
        }
        guard schema.object != nil else {
            return [Finding(.protocolError, "The inputSchema is a \(schema.typeName), but must be an object.")]
        }
        var findings: [Finding] = []
        if schema["type"] != "object" {
            findings.append(Finding(.protocolError, "The inputSchema does not have \"type\": \"object\"."))
        }
        findings += Self.compileFindings(schema, "inputSchema")
        let properties = schema["properties"]?.object
        let names = Set(properties?.keys ?? [])
        let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { !names.contains($0) }
        if !missing.isEmpty {
            findings.append(
                Finding(
                    .schemaMismatch,
                    "The inputSchema requires \(Self.quoted(missing)), but describes no such propert\(missing.count == 1 ? "y" : "ies")."
                )
            )
        }
        if names.isEmpty, schema["additionalProperties"] != false, schema["$ref"] == nil, schema["allOf"] == nil,
            schema["anyOf"] == nil, schema["oneOf"] == nil
        {
            findings.append(
                Finding(
                    .usage,
                    "The inputSchema describes no properties. For no parameters, add \"additionalProperties\": false."
                )
            )
        }
        return findings + propertyFindings(schema)
    }

    private func propertyFindings(_ schema: JSONValue) -> [Finding] {
        let inlined = schema.inliningReferences()
        let properties = inlined["properties"]?.object?.members ?? []
        var findings: [Finding] = []
        let undescribed = properties.filter { $0.value["description"]?.string?.isEmpty ?? true }.map(\.key)
        if !undescribed.isEmpty {
            findings.append(
                Finding(
                    .usage,
                    "\(undescribed.count) of \(properties.count) parameters have no description: \(Self.quoted(undescribed))."
                )
            )
        }
        let untyped = properties.filter { property in
            property.value.object.map { object in
                !object.keys.contains { ["type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref"].contains($0) }
            } ?? false
        }
        if !untyped.isEmpty {
            findings.append(Finding(.usage, "Parameters without a type: \(Self.quoted(untyped.map(\.key)))."))
        }
        for property in properties {
            guard let value = property.value["default"], let reason = Self.violation(of: value, property.value) else {
                continue
            }
            findings.append(
                Finding(.schemaMismatch, "The default of `\(property.key)` does not match its own schema: \(reason).")
            )
        }
        return findings
    }

    private static func violation(of value: JSONValue, _ schema: JSONValue) -> String? {
        do throws(JSONSchemaError) {
            return try JSONSchema(schema).validate(value).errors.first?.message
        } catch {
            return nil
        }
    }

    private var outputFindings: [Finding] {
        guard let schema = tool["outputSchema"], !schema.isNull else { return [] }
        var findings = Self.compileFindings(schema, "outputSchema")
        if schema["type"] != "object", !revision.has(.anyStructuredContent) {
            findings.append(
                Finding(
                    .protocolError,
                    "The outputSchema does not have \"type\": \"object\", which \(revision) requires."
                )
            )
        }
        return findings
    }

    private static func compileFindings(_ schema: JSONValue, _ name: String) -> [Finding] {
        do throws(JSONSchemaError) {
            _ = try JSONSchema(schema)
            return []
        } catch {
            return [Finding(.schemaMismatch, "The \(name) is not valid JSON Schema: \(error)")]
        }
    }

    // MARK: - Annotations and texts

    private var annotationFindings: [Finding] {
        guard let annotations = tool["annotations"]?.object else { return [] }
        var findings: [Finding] = []
        let isReadOnly = annotations["readOnlyHint"]?.bool == true
        if isReadOnly, annotations["destructiveHint"]?.bool == true {
            findings.append(
                Finding(
                    .schemaMismatch,
                    "The annotations contradict each other: readOnlyHint and destructiveHint are both true."
                )
            )
        }
        if isReadOnly, let verb = destructiveVerb {
            findings.append(
                Finding(
                    .usage,
                    "The name says \"\(verb)\", but readOnlyHint is true: hosts may call the tool without asking."
                )
            )
        }
        for member in annotations.members where Self.hints.contains(member.key) && member.value.bool == nil {
            findings.append(
                Finding(
                    .protocolError,
                    "The annotation \(member.key) is a \(member.value.typeName), but must be a boolean."
                )
            )
        }
        return findings
    }

    private static let hints: Set = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]

    /// A word of the name that promises a change.
    private var destructiveVerb: String? {
        let words = (tool["name"]?.string ?? "").lowercased().split { !$0.isLetter }.map(String.init)
        return words.first { Self.verbs.contains($0) }
    }

    private static let verbs: Set = ["delete", "remove", "drop", "destroy", "kill", "overwrite", "purge", "erase"]

    private var textFindings: [Finding] {
        guard tool["description"]?.string?.allSatisfy(\.isWhitespace) ?? true else { return [] }
        return [Finding(.usage, "The tool has no description: a model does not know what it does.")]
    }

    private static func quoted(_ names: [String]) -> String {
        let shown = names.prefix(10).map { "`\($0)`" }.joined(separator: ", ")
        return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
    }
}
