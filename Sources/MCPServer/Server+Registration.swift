import JSON
public import JSONSchema
public import MCP

extension Server {
    /// Offers a tool whose arguments are checked before the handler is called.
    ///
    /// Arguments that break the schema are answered with a result that says what is wrong and how the tool is called, in
    /// all revisions: a model reads results, while hosts differ in what they do with protocol errors. (Since 2025-11-25
    /// the specification asks for that; before, it lists invalid arguments among the protocol errors.)
    ///
    /// - Parameter tasks: Whether calls can become tasks: where the handler says ``HandlerOutcome/task(_:)``, and by 2025-11-25
    ///   where the client wishes it.
    /// - Throws: `JSONSchemaError` if the tool's input schema is none.
    public mutating func add(
        _ tool: Tool,
        tasks: TaskSupport = .forbidden,
        _ handler: @escaping ToolHandler
    ) throws(JSONSchemaError) {
        let schema = try JSONSchema(tool.inputSchema?.jsonValue ?? ["type": "object"])
        tools.add(ToolEntry(tool, schema: schema, tasks: tasks, handler), named: tool.name ?? "")
    }

    /// Offers a tool as it stands, with arguments that nothing has checked.
    public mutating func add(unchecked tool: Tool, _ handler: @escaping ToolHandler) {
        tools.add(ToolEntry(tool, schema: nil, tasks: .forbidden, handler), named: tool.name ?? "")
    }

    /// Offers a resource.
    public mutating func add(_ resource: Resource, _ handler: @escaping ResourceHandler) {
        resources.add(ResourceEntry(resource: resource, handler: handler), named: resource.uri ?? "")
    }

    /// Offers the resources whose URIs a template describes.
    ///
    /// - Throws: ``URITemplate/Fault`` if the template is none.
    public mutating func add(
        _ template: ResourceTemplate,
        _ handler: @escaping ResourceHandler
    ) throws(URITemplate.Fault) {
        let text = template.uriTemplate ?? ""
        let pattern = try URITemplate(text)
        templates.add(TemplateEntry(template: template, pattern: pattern, handler: handler), named: text)
    }

    /// Offers a prompt.
    public mutating func add(_ prompt: Prompt, _ handler: @escaping PromptHandler) {
        prompts.add(PromptEntry(prompt: prompt, handler: handler), named: prompt.name ?? "")
    }

    /// Completes an argument of a prompt or a variable of a resource template.
    public mutating func add(
        completionOf argument: String,
        in reference: CompletionReference,
        _ handler: @escaping CompletionHandler
    ) {
        completions.add(handler, named: reference.key(argument))
    }
}

extension CompletionReference {
    /// What tells the arguments of all prompts and templates apart.
    func key(_ argument: String) -> String {
        [type, name ?? uri, argument].map { $0 ?? "" }.joined(separator: "\n")
    }
}
