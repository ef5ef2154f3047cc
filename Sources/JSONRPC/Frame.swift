public import JSON

/// One message as it was received: its bytes, what they are, and what is irregular about them.
///
/// Source: JSON-RPC 2.0; transports, "messages MUST be UTF-8 encoded", all revisions.
public struct Frame: Sendable {
    /// The bytes as they came, without the framing of the transport.
    public let bytes: [UInt8]

    /// What the bytes are.
    public let content: Content

    /// Faults that did not keep the message from being read.
    public let oddities: [Oddity]

    /// What the bytes of a frame turned out to be.
    ///
    /// Indirect: frames are passed on often and looked into once.
    public indirect enum Content: Sendable {
        /// A message, or a batch of them.
        case message(Message)
        /// Not JSON.
        case noise(JSONError)
    }

    /// A fault that does not keep a message from being understood.
    public enum Oddity: Sendable, Hashable {
        /// The member `jsonrpc` is missing or not `"2.0"`.
        case version
        /// Invalid UTF-8 or half of a surrogate pair was replaced by U+FFFD; the original bytes are kept.
        case text(JSONError)
        /// An outermost member is repeated; the last one counts.
        case duplicateMember(String)
    }

    /// Reads a frame.
    ///
    /// Bytes that are not JSON become ``Content/noise(_:)``.
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

    /// The message as JSON text; nil if the bytes are not JSON.
    public var text: JSONText? {
        do throws(JSONError) {
            return try JSONText(bytes)
        } catch {
            return nil
        }
    }

    /// Whether the frame is an array of messages.
    var isBatch: Bool {
        if case .message(.batch) = content { true } else { false }
    }

    private static func read(_ bytes: [UInt8], limits: JSONLimits) throws(JSONError) -> (Content, [Oddity]) {
        var parts = Message.Parts(of: bytes[...])
        var oddities: [Oddity] = []
        let text = try JSONText.check(bytes, limits: limits) { raw, member in
            if parts.take(member, in: raw) { oddities.append(.duplicateMember(member.name(in: raw))) }
        }
        switch text.kind {
        case .object:
            if parts.isVersion2 != true { oddities.append(.version) }
            return (.message(Message(parts)), oddities)
        case .array:
            let elements = text.elements ?? []
            guard !elements.isEmpty else { return (.message(.invalid(id: nil, reason: "the batch is empty")), []) }
            let messages = elements.map { element in
                element.kind == .object
                    ? Message(Message.Parts(element)) : .invalid(id: nil, reason: "it is not an object")
            }
            return (.message(.batch(messages)), [])
        default:
            return (.message(.invalid(id: nil, reason: "it is not an object")), [])
        }
    }
}
