public import JSON

/// One message as it was received: its bytes, what they are, and what was odd about them.
///
/// Source: JSON-RPC 2.0; transports, "messages MUST be UTF-8 encoded", all revisions.
public struct Frame: Sendable {
    /// The bytes as they came, without the framing of the transport.
    public let bytes: [UInt8]

    /// What the bytes are.
    public let content: Content

    /// What was wrong with them although they could be read.
    public let oddities: [Oddity]

    /// What the bytes of a frame turned out to be.
    ///
    /// Kept apart, for frames are handed on as they are, and only one reader looks into them.
    public indirect enum Content: Sendable {
        /// A message, or several.
        case message(Message)
        /// No JSON: noise, where the protocol was expected.
        case noise(JSONError)
    }

    /// Something wrong that does not keep a message from being understood.
    public enum Oddity: Sendable, Hashable {
        /// The member `jsonrpc` is missing or not `"2.0"`.
        case version
        /// Characters had to be replaced by U+FFFD; the original bytes are kept.
        case text(JSONError)
        /// An outermost member stands more than once; the last one counts.
        case duplicateMember(String)
    }

    /// Reads a frame; this cannot fail, for whatever came is kept and named.
    public init(received bytes: [UInt8], limits: JSONLimits = JSONLimits()) {
        self.bytes = bytes
        do throws(JSONError) {
            (content, oddities) = try Self.read(bytes, limits: limits)
        } catch {
            guard error.isAboutText else {
                (content, oddities) = (.noise(error), [])
                return
            }
            let repair = JSONRepair(of: bytes)
            do throws(JSONError) {
                let read = try Self.read(repair.bytes, limits: limits)
                (content, oddities) = (read.0, read.1 + repair.faults.map(Oddity.text))
            } catch {
                (content, oddities) = (.noise(error), [])
            }
        }
    }

    private static func read(_ bytes: [UInt8], limits: JSONLimits) throws(JSONError) -> (Content, [Oddity]) {
        var parts = Message.Parts()
        var keys: [ArraySlice<UInt8>] = []
        keys.reserveCapacity(4)
        var oddities: [Oddity] = []
        let text = try JSONText.check(bytes, limits: limits) { key, value in
            if keys.contains(key) { oddities.append(.duplicateMember(String(decoding: key, as: UTF8.self))) }
            if keys.count < 16 { keys.append(key) }
            parts.take(key, value)
        }
        switch text.kind {
        case .object:
            if parts.version?.string != "2.0" { oddities.append(.version) }
            return (.message(Message(parts: parts)), oddities)
        case .array:
            let elements = text.elements ?? []
            guard !elements.isEmpty else { return (.message(.invalid(id: nil, reason: "the batch is empty")), []) }
            let messages = elements.map { element in
                element.kind == .object
                    ? Message(parts: Message.Parts(element)) : .invalid(id: nil, reason: "it is no object")
            }
            return (.message(.batch(messages)), [])
        default:
            return (.message(.invalid(id: nil, reason: "it is no object")), [])
        }
    }
}
