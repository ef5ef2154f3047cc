import JSON
public import JSONRPC
public import MCP

extension Client {
    /// Sends a request of a known method with typed parameters and returns its typed result.
    ///
    /// ```swift
    /// let params = CallToolParams(name: "add", arguments: ["a": 1, "b": 2])
    /// let result = try await client.request(.toolsCall, params)
    /// print(result.content?.compactMap(\.text) ?? [])
    /// ```
    ///
    /// The result is a view over the object as received: members that the library does not know are kept, and a member
    /// of a wrong type is nil. `problems(in:)` lists how the result breaks the schema. A method that the library does not
    /// know gets a signature of its own: `MethodSignature<MyParams, MyResult>("my/method")`.
    ///
    /// For the text and the time of a response see the same method with ``RequestParams``.
    ///
    /// - Parameters:
    ///   - limits: The time limits of the call (default: those of ``ClientOptions/limits``).
    ///   - onProgress: Called with the parameters of each progress notification.
    ///   - onInputRequest: Responds to the server's input requests in this call, in place of the handlers of the
    ///     connection.
    /// - Throws: ``CallError``, also if the result is not an object.
    public func request<Params, Result>(
        _ signature: MethodSignature<Params, Result>,
        _ params: Params,
        limits: CallLimits? = nil,
        onProgress: ClientLink.ProgressHandler? = nil,
        onInputRequest: InputHandlers.Handler? = nil
    ) async throws(CallError) -> Result {
        let response = try await perform(
            Call(
                method: signature.method,
                params: RequestParams(params.json),
                limits: limits ?? options.limits.call,
                onProgress: onProgress,
                onInputRequest: onInputRequest,
                declaresTasks: signature.method.concernsTasks && TaskDialect(revision) == .ofExtension
            )
        )
        guard let object = response.result.value().object else { throw invalid("it is not an object", response) }
        return Result(json: object)
    }
}

extension Method {
    /// Whether a request of this method is about an existing task.
    fileprivate var concernsTasks: Bool {
        [.tasksGet, .tasksResult, .tasksList, .tasksCancel, .tasksUpdate].contains(self)
    }
}
