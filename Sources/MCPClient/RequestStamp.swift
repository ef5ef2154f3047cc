public import JSON
package import JSONRPC
package import MCP

/// The parameters of a request before the era adds its own members.
public struct RequestParams: Sendable {
    /// The name of the tool or prompt, which is sent as the member `name` before the others.
    package var name: String?
    package var members: [(name: String, value: JSONText)]
    package var meta: JSONObject?

    /// Creates parameters from members in order.
    public init(_ members: [(name: String, value: JSONText)] = [], meta: JSONObject? = nil) {
        self.members = members
        self.meta = meta
    }

    /// Creates the parameters of a tool call or a prompt; the arguments are sent as they are.
    init(name: String, arguments: JSONText?, meta: JSONObject? = nil) {
        self.name = name
        members = arguments.map { [("arguments", $0)] } ?? []
        self.meta = meta
    }

    /// Whether there are none.
    package var isEmpty: Bool { name == nil && members.isEmpty && meta == nil }

    /// The last of the members with that name, which is the effective one.
    subscript(name: String) -> JSONText? {
        members.last { $0.name == name }?.value
    }

    /// Takes the user's parameters.
    ///
    /// Members are added to their `_meta`, never replaced.
    package init(_ object: JSONObject) {
        members = object.members.filter { $0.key != "_meta" }.map { ($0.key, JSONText($0.value)) }
        meta = object["_meta"]?.object
    }
}

/// What an era adds to every request: nothing in the legacy era, the envelope in the stateless era.
package struct RequestStamp: Sendable {
    /// The encoded members of the envelope; empty in the legacy era.
    private let envelope: [(name: String, value: JSONText)]
    /// How many bytes the envelope takes, roughly.
    private let envelopeSize: Int
    /// The revision that the envelope names.
    let revision: String?

    private init(envelope: [(name: String, value: JSONText)], revision: String?) {
        self.envelope = envelope
        envelopeSize = envelope.reduce(0) { $0 + $1.name.utf8.count + $1.value.bytes.count + 8 }
        self.revision = revision
    }

    /// Adds nothing.
    package static let legacy = RequestStamp(envelope: [], revision: nil)

    /// Adds the client's information, revision and capabilities.
    ///
    /// Source: basic protocol, "_meta", the modern revisions.
    package static func modern(
        _ revision: Revision,
        options: ClientOptions,
        extensions: [ExtensionID] = []
    ) -> RequestStamp {
        var capabilities = options.declaredCapabilities(in: revision)
        for id in extensions where !capabilities.hasExtension(id) { capabilities.declareExtension(id) }
        let meta = RequestMeta(revision: revision, capabilities: capabilities, clientInfo: options.info)
        return RequestStamp(
            envelope: meta.json.members.map { ($0.key, JSONText($0.value)) },
            revision: revision.wireName
        )
    }

    /// The parameters as they are sent, or nil if there are none.
    ///
    /// - Parameter logLevel: The minimum level of log messages during the request; stateless era only.
    package func stamp(
        _ params: RequestParams,
        progressToken: RequestID?,
        logLevel: LogLevel? = nil
    ) -> JSONText? {
        guard needsParams(params, progressToken) else { return nil }
        var writer = JSONWriter()
        write(params, progressToken: progressToken, logLevel: logLevel, to: &writer)
        return JSONText(written: &writer)
    }

    /// The bytes of a request with its parameters, which are written in place.
    ///
    /// - Parameter logLevel: The minimum level of log messages during the request; stateless era only.
    func request(
        _ method: Method,
        _ params: RequestParams,
        id: RequestID,
        progressToken: RequestID?,
        logLevel: LogLevel?
    ) -> [UInt8] {
        guard needsParams(params, progressToken) else {
            return Message.encode(id: id, method: method.rawValue, params: nil)
        }
        let capacity = params.members.reduce(192) { $0 + 32 + $1.value.bytes.count } + envelopeSize
        return Message.encode(id: id, method: method.rawValue, capacity: capacity) { writer in
            write(params, progressToken: progressToken, logLevel: logLevel, to: &writer)
        }
    }

    private func needsParams(_ params: RequestParams, _ progressToken: RequestID?) -> Bool {
        !envelope.isEmpty || progressToken != nil || !params.isEmpty
    }

    private func write(
        _ params: RequestParams,
        progressToken: RequestID?,
        logLevel: LogLevel?,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        if let name = params.name {
            writer.key("name")
            writer.write(name)
        }
        for member in params.members {
            writer.key(member.name)
            writer.write(member.value)
        }
        if !envelope.isEmpty || params.meta != nil || progressToken != nil {
            writer.key("_meta")
            let logLevel = envelope.isEmpty ? nil : logLevel
            writeMeta(of: params, progressToken: progressToken, logLevel: logLevel, to: &writer)
        }
        writer.endObject()
    }

    private func writeMeta(
        of params: RequestParams,
        progressToken: RequestID?,
        logLevel: LogLevel?,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        for member in params.meta?.members ?? [] {
            writer.key(member.key)
            writer.write(member.value)
        }
        // The user's members are kept even if they are wrong: a tester must be able to send them.
        for member in envelope where params.meta?[member.name] == nil {
            writer.key(member.name)
            writer.write(member.value)
        }
        if let logLevel, params.meta?[MetaKey.logLevel.rawValue] == nil {
            writer.key(MetaKey.logLevel.rawValue)
            writer.write(logLevel.rawValue)
        }
        if let progressToken, params.meta?["progressToken"] == nil {
            writer.key("progressToken")
            writer.write(progressToken.value)
        }
        writer.endObject()
    }
}
