package import JSON

/// Arguments of the user, for tools and prompts whose schemas do not say enough.
package struct Samples: Sendable {
    /// The arguments of tools and prompts, and the variables of templates, by name.
    package let tools: [String: JSONObject]
    package let prompts: [String: JSONObject]
    package let templates: [String: JSONObject]

    /// No arguments.
    package init() {
        (tools, prompts, templates) = ([:], [:], [:])
    }

    /// Reads the members `tools`, `prompts` and `templates` of an object.
    ///
    /// - Throws: `Failure` of the class `usage` if it has another form.
    package init(_ value: JSONValue) throws(Failure) {
        guard let object = value.object else {
            throw .usage("The samples are not a JSON object.", nextStep: Self.advice)
        }
        let known = ["tools", "prompts", "templates"]
        if let key = object.keys.first(where: { !known.contains($0) }) {
            throw .usage("Unknown member \"\(key)\" of the samples.", nextStep: Self.advice)
        }
        var parts: [[String: JSONObject]] = []
        for name in known {
            var part: [String: JSONObject] = [:]
            guard let group = (object[name] ?? [:]).object else {
                throw .usage("The member \"\(name)\" of the samples is not an object.", nextStep: Self.advice)
            }
            for member in group.members {
                guard let arguments = member.value.object else {
                    throw .usage(
                        "The sample of \"\(member.key)\" in \"\(name)\" is not an object.",
                        nextStep: Self.advice
                    )
                }
                part[member.key] = arguments
            }
            parts.append(part)
        }
        (tools, prompts, templates) = (parts[0], parts[1], parts[2])
    }

    private static let advice =
        "Write {\"tools\": {NAME: {arguments}}, \"prompts\": {NAME: {arguments}}, \"templates\": {URI-TEMPLATE: {variables}}}."

    /// The arguments with which a tool is called; nil if none are known to be valid.
    package func arguments(ofTool tool: JSONValue) -> JSONObject? {
        if let name = tool["name"]?.string, let given = tools[name] { return given }
        return Example.arguments(for: tool["inputSchema"] ?? ["type": "object"])
    }

    /// The arguments with which a prompt is filled in.
    package func arguments(ofPrompt prompt: JSONValue) -> JSONObject {
        if let name = prompt["name"]?.string, let given = prompts[name] { return given }
        var arguments: JSONObject = [:]
        for argument in prompt["arguments"]?.array ?? [] where argument["required"] == true {
            if let name = argument["name"]?.string {
                let isAddress = ["uri", "url"].contains { name.lowercased().contains($0) }
                arguments[name] = isAddress ? "https://example.com/" : "example"
            }
        }
        return arguments
    }
}
