/// Writes events so that every reader of the grammar gets back what was put in.
///
/// Source: HTML Living Standard, "Server-sent events", "Parsing an event stream".
public enum EventStreamWriter {
    /// The bytes of one event; a message of the protocol has no line breaks, other data is split at them.
    ///
    /// - Parameters:
    ///   - type: The type, without line breaks; nothing means `message`.
    ///   - data: The data; an empty one is written too, for an id without data.
    ///   - id: The id, without line breaks and NUL.
    ///   - retry: After how many milliseconds the client is to come back when the stream ends.
    public static func event(type: String? = nil, data: [UInt8], id: String? = nil, retry: Int? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count + 64)
        if let type { bytes.append(contentsOf: "event: \(type)\n".utf8) }
        if let id { bytes.append(contentsOf: "id: \(id)\n".utf8) }
        if let retry { bytes.append(contentsOf: "retry: \(retry)\n".utf8) }
        bytes.append(contentsOf: "data: ".utf8)
        if data.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
            append(lines: data, to: &bytes)
        } else {
            bytes.append(contentsOf: data)
        }
        bytes.append(contentsOf: [0x0A, 0x0A])
        return bytes
    }

    /// A line that readers ignore, as a sign of life.
    public static func comment(_ text: String = "") -> [UInt8] {
        Array(": \(text)\n\n".utf8)
    }

    private static func append(lines data: [UInt8], to bytes: inout [UInt8]) {
        var wasReturn = false
        for byte in data {
            switch byte {
            case 0x0A where wasReturn: break
            case 0x0A, 0x0D: bytes.append(contentsOf: "\ndata: ".utf8)
            default: bytes.append(byte)
            }
            wasReturn = byte == 0x0D
        }
    }
}
