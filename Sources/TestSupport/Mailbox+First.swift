public import JSON

extension Mailbox {
    /// The next message with that method; earlier ones are skipped.
    public func next(_ method: String) async throws -> JSONValue {
        while true {
            let message = try await nextJSON()
            if message["method"]?.string == method { return message }
        }
    }

    /// The next frame that contains the text; earlier ones are skipped.
    @discardableResult
    public func next(containing text: String) async -> String {
        while true {
            let frame = String(decoding: await next(), as: UTF8.self)
            if frame.contains(text) { return frame }
        }
    }
}
