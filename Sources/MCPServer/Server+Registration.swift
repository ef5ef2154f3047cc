public import JSON
public import JSONSchema
public import MCP

extension Server {
    /// Adds a tool whose arguments are checked before the handler is called.
    ///
    /// Invalid arguments cause a tool result that lists the violations and the signature, in all revisions, because models
    /// read results while hosts differ in how they treat protocol errors. (2025-11-25 and later require this; earlier revisions
    /// list invalid arguments among the protocol errors.)
    ///
    /// - Parameter tasks: whether calls can become tasks. A handler returns ``HandlerOutcome/task(_:)``; in 2025-11-25 the client
    ///   decides.
    /// - Throws: `JSONSchemaError` if the tool's input schema is not valid.
    public mutating func add(
        _ tool: Tool,
        tasks: TaskSupport = .forbidden,
        _ handler: @escaping ToolHandler
    ) throws(JSONSchemaError) {
        let schema = try JSONSchema(tool.inputSchema?.jsonValue ?? ["type": "object"])
        tools.add(ToolEntry(tool, schema: schema, tasks: tasks, handler), named: tool.name ?? "")
    }

    /// Adds a tool whose schema and arguments are not checked.
    public mutating func add(unchecked tool: Tool, _ handler: @escaping ToolHandler) {
        tools.add(ToolEntry(tool, schema: nil, tasks: .forbidden, handler), named: tool.name ?? "")
    }

    /// Adds a resource.
    ///
    /// - Parameter isListed: Whether `resources/list` shows it; it can be read in any case.
    public mutating func add(_ resource: Resource, isListed: Bool = true, _ handler: @escaping ResourceHandler) {
        let entry = ResourceEntry(resource: resource, isListed: isListed, handler: handler)
        resources.add(entry, named: resource.uri ?? "")
    }

    /// Declares an extension, in the revisions that have extensions.
    public mutating func declare(_ id: ExtensionID, settings: JSONObject = [:]) {
        extensions[id.rawValue] = .object(settings)
    }

    /// Adds a method of an extension, in the revisions that have extensions.
    ///
    /// The result gets a `resultType`; caching hints are the handler's own.
    public mutating func add(_ method: Method, _ handler: @escaping ExtensionHandler) {
        extensionMethods[method] = handler
    }

    /// Adds the resources whose URIs match a template.
    ///
    /// - Throws: ``URITemplate/Fault`` if the template is not valid.
    public mutating func add(
        _ template: ResourceTemplate,
        _ handler: @escaping ResourceHandler
    ) throws(URITemplate.Fault) {
        let text = template.uriTemplate ?? ""
        let pattern = try URITemplate(text)
        templates.add(TemplateEntry(template: template, pattern: pattern, handler: handler), named: text)
    }

    /// Adds a prompt.
    public mutating func add(_ prompt: Prompt, _ handler: @escaping PromptHandler) {
        prompts.add(PromptEntry(prompt: prompt, handler: handler), named: prompt.name ?? "")
    }

    /// Adds completions for an argument of a prompt or a variable of a resource template.
    public mutating func add(
        completionOf argument: String,
        in reference: CompletionReference,
        _ handler: @escaping CompletionHandler
    ) {
        completions.add(handler, named: reference.key(argument))
    }
}

extension CompletionReference {
    /// A key that is unique among the arguments of all prompts and templates.
    func key(_ argument: String) -> String {
        [type, name ?? uri, argument].map { $0 ?? "" }.joined(separator: "\n")
    }
}
