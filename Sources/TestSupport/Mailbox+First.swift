public import JSON

extension Mailbox {
    /// The next message of that method; those before it are passed over.
    public func next(_ method: String) async throws -> JSONValue {
        while true {
            let message = try await nextJSON()
            if message["method"]?.string == method { return message }
        }
    }

    /// The next frame that contains the text; those before it are passed over.
    @discardableResult
    public func next(containing text: String) async -> String {
        while true {
            let frame = String(decoding: await next(), as: UTF8.self)
            if frame.contains(text) { return frame }
        }
    }
}
