public import JSON
public import MCP

/// Who answers what servers ask of us; what has no handler is not declared.
///
/// The same handler serves a live request of the legacy era and a question inside a result of the modern one. Handlers
/// run beside everything else and may take as long as a person does. Their task is cancelled when the answer is not
/// wanted any more; they must end then.
public struct InputHandlers: Sendable {
    /// Answers a question with the bare result of its method, such as `{"action": "accept", "content": …}`.
    public typealias Handler = @Sendable (ReceivedInputRequest) async throws(InputRefusal) -> JSONObject

    /// Asks the user.
    public var elicitation: Handler?
    /// The modes in which the user can be asked.
    public var elicitationModes: Set<ElicitationMode> = [.form, .url]
    /// Asks our model.
    public var sampling: Handler?
    /// Tells whether the model can be asked with tools.
    public var samplingTools = true
    /// Tells our root directories.
    public var roots: Handler?
    /// Tells whether changes of the root directories will be told: ``Client/rootsChanged()``.
    public var rootsListChanged = true
    /// Tells whether also the longest time of a call stands still while it waits for a handler, not its idle time alone.
    ///
    /// For handlers that have a limit of their own.
    public var pausesLimits = false

    /// Creates handlers; without any nothing is declared.
    public init(elicitation: Handler? = nil, sampling: Handler? = nil, roots: Handler? = nil) {
        self.elicitation = elicitation
        self.sampling = sampling
        self.roots = roots
    }

    /// The handler of a kind.
    public subscript(kind: ReceivedInputRequest.Kind) -> Handler? {
        get {
            switch kind {
            case .elicitation: elicitation
            case .sampling: sampling
            case .roots: roots
            }
        }
        set {
            switch kind {
            case .elicitation: elicitation = newValue
            case .sampling: sampling = newValue
            case .roots: roots = newValue
            }
        }
    }

    /// What these handlers let us declare in a revision.
    ///
    /// Source: 2025-11-25, "Elicitation" and "Sampling", capabilities; modes and tools are new there.
    public func capabilities(in revision: Revision) -> ClientCapabilities {
        var capabilities = ClientCapabilities()
        let names = revision.profile.clientCapabilities
        if roots != nil, names.contains("roots") {
            capabilities.declare(.roots)
            let mayTell = revision.profile.allows(notification: .rootsListChanged, .clientToServer)
            if rootsListChanged, mayTell { capabilities.declare(.rootsListChanged) }
        }
        if sampling != nil, names.contains("sampling") {
            capabilities.declare(samplingTools && revision.has(.samplingTools) ? .samplingTools : .sampling)
        }
        if elicitation != nil, names.contains("elicitation") {
            if revision.has(.urlElicitation) {
                if elicitationModes.contains(.form) { capabilities.declare(.elicitationForm) }
                if elicitationModes.contains(.url) { capabilities.declare(.elicitationURL) }
            } else if elicitationModes.contains(.form) {
                capabilities.declare(.elicitation)
            }
        }
        return capabilities
    }

    /// The handler of a question, unless the server must not ask it.
    func handler(
        of method: String,
        _ params: JSONText?,
        going direction: Direction,
        in revision: Revision
    ) throws(InputObjection) -> (kind: ReceivedInputRequest.Kind, handler: Handler) {
        let method = Method(rawValue: method)
        guard let kind = ReceivedInputRequest.Kind(method), revision.profile.allows(method, direction) else {
            throw .unknownMethod(method.rawValue)
        }
        let declared = capabilities(in: revision)
        guard let handler = self[kind], declared.json[kind.rawValue] != nil else { throw .undeclared(kind.rawValue) }
        if let params, params.kind != .object { throw .malformed("the params of \(method) are no object") }
        switch kind {
        case .elicitation:
            let mode = params?["mode"].map { $0.string ?? $0.description } ?? ElicitationMode.form.rawValue
            let isDeclared = mode == "form" ? declared.supportsFormElicitation : declared.has("elicitation.url")
            guard ElicitationMode(rawValue: mode) != nil, isDeclared else {
                throw .undeclaredMode("elicitation.\(mode)")
            }
        case .sampling:
            let wantsTools = params?["tools"] != nil || params?["toolChoice"] != nil
            if wantsTools, !declared.has(.samplingTools) { throw .undeclaredMode("sampling.tools") }
            if revision.has(.samplingTools), let messages = params?["messages"]?.value().array,
                let objection = ToolUseBalance.objection(to: messages)
            {
                throw .malformed(objection)
            }
        case .roots: break
        }
        return (kind, handler)
    }
}

extension ClientOptions {
    /// What is declared to a server: what the handlers allow, and what was given beside them, which stands.
    func declaredCapabilities(in revision: Revision) -> ClientCapabilities {
        var declared = input.capabilities(in: revision)
        for member in capabilities.json.members { declared.json[member.key] = member.value }
        return declared
    }
}
