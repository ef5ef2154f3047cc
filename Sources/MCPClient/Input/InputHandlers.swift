public import JSON
public import MCP

/// The handlers of a server's input requests.
///
/// A kind without a handler is not declared.
///
/// The same handler serves a request of the server in the legacy era and an input request inside a result in the modern
/// one. Handlers run concurrently and may take as long as a person does. When the response is not needed any more, their
/// task is cancelled and they must return.
public struct InputHandlers: Sendable {
    /// Returns the bare result of the method of an input request, such as `{"action": "accept", "content": …}`.
    public typealias Handler = @Sendable (ReceivedInputRequest) async throws(InputRefusal) -> JSONObject

    /// Requests input from the user.
    public var elicitation: Handler?
    /// The supported modes of elicitation.
    public var elicitationModes: Set<ElicitationMode> = [.form, .url]
    /// Requests a message from the client's model.
    public var sampling: Handler?
    /// Whether sampling supports tools.
    public var samplingTools = true
    /// Returns the client's root directories.
    public var roots: Handler?
    /// Whether the client reports changes of its root directories by ``Client/rootsChanged()``.
    public var rootsListChanged = true
    /// Whether not only the idle time of a call but also its total time pauses while a handler runs.
    ///
    /// For handlers that have a time limit of their own.
    public var pausesLimits = false

    /// Creates handlers.
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

    /// The capabilities to declare in a revision.
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

    /// The handler of an input request.
    ///
    /// - Throws: Why the server must not send it.
    func handler(
        of method: String,
        _ params: JSONText?,
        direction: Direction,
        in revision: Revision
    ) throws(InputObjection) -> (kind: ReceivedInputRequest.Kind, handler: Handler) {
        let method = Method(rawValue: method)
        guard let kind = ReceivedInputRequest.Kind(method), revision.profile.allows(method, direction) else {
            throw .unknownMethod(method.rawValue)
        }
        let declared = capabilities(in: revision)
        guard let handler = self[kind], declared.json[kind.rawValue] != nil else { throw .undeclared(kind.rawValue) }
        if let params, params.kind != .object { throw .malformed("the params of \(method) are not an object") }
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
    /// The capabilities to declare to a server: those of the handlers, and the explicit ones, which take precedence.
    func declaredCapabilities(in revision: Revision) -> ClientCapabilities {
        var declared = input.capabilities(in: revision)
        for member in capabilities.json.members { declared.json[member.key] = member.value }
        return declared
    }
}
