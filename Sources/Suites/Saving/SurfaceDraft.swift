import JSON
package import MCPClient
import Tester

extension SuiteDraft {
    /// Adds cases for what a server lists: the names of its tools, a call of each tool with valid arguments, its resources
    /// and its prompts.
    ///
    /// Tools that are not declared read-only are skipped until a person has read the case.
    package mutating func add(_ listings: [ListKind: Listing]) {
        let tools = listings[.tools]?.items.map { $0.value() } ?? []
        let names = tools.compactMap { $0["name"]?.string }
        if !names.isEmpty {
            let list = YAMLText.of(.array(names.map(JSONValue.string)))
            addStep(["- list: tools", "  expect: {names: {contains: \(list)}}"], name: "tools are listed")
        }
        for tool in tools { addTool(tool) }
        for resource in (listings[.resources]?.items ?? []).prefix(20) {
            guard let uri = resource.value()["uri"]?.string else { continue }
            addStep(["- read: \(YAMLText.of(.string(uri)))"], name: "read \(uri)")
        }
        for prompt in listings[.prompts]?.items ?? [] { addPrompt(prompt.value()) }
    }

    private mutating func addTool(_ tool: JSONValue) {
        guard let name = tool["name"]?.string else { return }
        var lines = ["- call: \(YAMLText.of(.string(name)))"]
        let arguments = tool["inputSchema"].flatMap { Example.arguments(for: $0) }
        if let arguments, !arguments.isEmpty { lines.append("  args: \(YAMLText.of(.object(arguments)))") }
        var skip: String?
        if arguments == nil {
            skip = "no valid arguments were found in the schema: write some, then remove this line"
        } else if tool["annotations"]?["readOnlyHint"]?.bool != true {
            skip = "the tool is not declared read-only: check what it changes, then remove this line"
        }
        addStep(lines, name: "call \(name)", skip: skip)
    }

    private mutating func addPrompt(_ prompt: JSONValue) {
        guard let name = prompt["name"]?.string else { return }
        var arguments = JSONObject()
        for argument in prompt["arguments"]?.array ?? [] where argument["required"] == true {
            if let name = argument["name"]?.string { arguments.append(name, "example") }
        }
        var lines = ["- get: \(YAMLText.of(.string(name)))"]
        if !arguments.isEmpty { lines.append("  args: \(YAMLText.of(.object(arguments)))") }
        addStep(lines, name: "prompt \(name)")
    }
}
