public import JSON
public import JSONRPC
public import MCP
import Synchronization

extension Client {
    /// Calls a tool with the arguments unchanged.
    ///
    /// Source: tools, "Calling tools", all revisions.
    ///
    /// - Parameter force: Calls it even if its schema makes it uncallable (see ``toolFaults``).
    /// - Throws: ``CallError``. A tool's own failure is a result with `isError`, not an error.
    public func callTool(
        _ name: String,
        arguments: JSONText? = nil,
        meta: JSONObject? = nil,
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = [],
        force: Bool = false,
        onProgress: ClientLink.ProgressHandler? = nil,
        onInputRequest: InputHandlers.Handler? = nil
    ) async throws(CallError) -> CallResult {
        let params = RequestParams(name: name, arguments: arguments, meta: meta)
        return try await request(
            .toolsCall,
            params,
            limits: limits,
            fields: fields,
            force: force,
            onProgress: onProgress,
            onInputRequest: onInputRequest
        )
    }

    /// Reads a resource; the URI is sent unchanged.
    ///
    /// - Throws: ``CallError``.
    public func readResource(
        _ uri: String,
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = [],
        onProgress: ClientLink.ProgressHandler? = nil,
        onInputRequest: InputHandlers.Handler? = nil
    ) async throws(CallError) -> CallResult {
        let params = RequestParams([("uri", JSONText(.string(uri)))])
        return try await request(
            .resourcesRead,
            params,
            limits: limits,
            fields: fields,
            onProgress: onProgress,
            onInputRequest: onInputRequest
        )
    }

    /// Gets a prompt.
    ///
    /// - Throws: ``CallError``.
    public func getPrompt(
        _ name: String,
        arguments: JSONText? = nil,
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = [],
        onProgress: ClientLink.ProgressHandler? = nil,
        onInputRequest: InputHandlers.Handler? = nil
    ) async throws(CallError) -> CallResult {
        let params = RequestParams(name: name, arguments: arguments)
        return try await request(
            .promptsGet,
            params,
            limits: limits,
            fields: fields,
            onProgress: onProgress,
            onInputRequest: onInputRequest
        )
    }

    /// Completes an argument of a prompt or a resource template.
    ///
    /// - Throws: ``CallError``.
    public func complete(
        _ reference: JSONObject,
        argument: String,
        value: String,
        context: JSONObject? = nil,
        limits: CallLimits? = nil
    ) async throws(CallError) -> CallResult {
        var params = RequestParams([
            ("ref", JSONText(.object(reference))),
            ("argument", JSONText(["name": .string(argument), "value": .string(value)])),
        ])
        if let context { params.members.append(("context", JSONText(["arguments": .object(context)]))) }
        return try await request(.completionComplete, params, limits: limits)
    }

    /// Checks that the server responds: by `ping` in the legacy era, by `server/discover` in the stateless era.
    ///
    /// - Throws: ``CallError``.
    public func ping(limits: CallLimits? = nil) async throws(CallError) -> CallResult {
        try await request(revision.era == .legacy ? .ping : .serverDiscover, limits: limits)
    }

    /// Sets the server's minimum log level: by a request in the legacy era, with each later request in the stateless era.
    ///
    /// Source: "Logging", all revisions.
    ///
    /// - Returns: The result of the legacy era's request.
    /// - Throws: ``CallError``.
    @discardableResult
    public func setLogLevel(_ level: LogLevel, limits: CallLimits? = nil) async throws(CallError) -> CallResult? {
        link.state.withLock { $0.logLevel.request(level) }
        guard !revision.has(.requestLogLevel) else { return nil }
        do throws(CallError) {
            let result = try await request(
                .loggingSetLevel,
                RequestParams([("level", JSONText(.string(level.rawValue)))]),
                limits: limits
            )
            link.state.withLock { $0.logLevel.accept(level) }
            return result
        } catch {
            link.state.withLock { $0.logLevel.forget() }
            throw error
        }
    }

    /// Sends a request of any method.
    ///
    /// The era adds its own members to the parameters.
    ///
    /// - Throws: ``CallError``.
    public func call(
        _ method: Method,
        params: JSONObject? = nil,
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = [],
        force: Bool = false
    ) async throws(CallError) -> CallResult {
        let params = params.map(RequestParams.init) ?? RequestParams()
        return try await request(method, params, limits: limits, fields: fields, force: force)
    }
}
