/// Encodes server-sent events.
///
/// Source: HTML Living Standard, "Server-sent events", "Parsing an event stream".
public enum EventStreamWriter {
    /// The bytes of one event.
    ///
    /// Data with line breaks becomes several data lines.
    ///
    /// - Parameters:
    ///   - type: The type, without line breaks (default: `message`).
    ///   - data: The data. Empty data is written, too, so that an event can carry only an ID.
    ///   - id: The ID, without line breaks and NUL.
    ///   - retry: How many milliseconds the client should wait before it reconnects.
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

    /// A comment, which readers ignore; it keeps an idle connection open.
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
