import JSON
import JSONRPC
import MCPClient
import MCPTransport

extension Operation {
    /// Makes a report fail if the response is not valid UTF-8: what it shows is not what the server meant.
    func failIfInvalidText(_ report: inout Report) {
        guard report.failure == nil, report.pending == nil, let (frame, fault) = invalidResponse else { return }
        let failure = Failure(
            .protocolError,
            .executionError,
            "The response is not valid UTF-8: \(fault.description).",
            nextStep:
                "Write UTF-8 to standard output. For a Python server, set PYTHONUTF8=1 in env; open files with their "
                + "encoding.",
            details: ["byte": .string(fault.hex), "offset": JSONValue(fault.offset)]
        )
        var failed = Report(failure, context: connection.context)
        failed.members = report.members
        // The failure says it, once.
        failed.findings = report.findings.filter { $0.evidence["frame"]?.int != frame }
        connection.count { $0.errors += 1 }
        report = failed
    }

    /// The first response since the operation began that is not valid UTF-8, by the number of its frame.
    private var invalidResponse: (frame: Int, fault: InvalidUTF8)? {
        let numbers = Set(
            client.link.observations.since(mark).compactMap { observation in
                if case .oddity(.text) = observation.kind { observation.frame } else { nil }
            }
        )
        guard !numbers.isEmpty else { return nil }
        for entry in client.link.transcript.entries where numbers.contains(entry.number) {
            guard case .message(.response) = Frame(received: entry.bytes).content,
                let fault = InvalidUTF8(in: entry.bytes)
            else { continue }
            return (entry.number, fault)
        }
        return nil
    }
}

/// The first place at which bytes are not UTF-8, and what they probably mean.
struct InvalidUTF8: CustomStringConvertible {
    /// The number of bytes before it.
    let offset: Int
    let byte: UInt8
    private let before: String

    init?(in bytes: [UInt8]) {
        var index = 0
        while index < bytes.count {
            let length = Self.length(of: bytes[index...])
            guard length > 0 else {
                offset = index
                byte = bytes[index]
                let start = bytes[..<index].lastIndex { $0 >= 0x7F || $0 < 0x20 || $0 == 0x22 }.map { $0 + 1 } ?? 0
                before = String(decoding: bytes[max(start, index - 20)..<index], as: UTF8.self)
                return
            }
            index += length
        }
        return nil
    }

    /// The bytes of a character, or 0 if it is not valid.
    ///
    /// Source: The Unicode Standard, table 3-7.
    private static func length(of bytes: ArraySlice<UInt8>) -> Int {
        let first = bytes[bytes.startIndex]
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch first {
            case ..<0x80: (1, 0x80...0xBF)
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0...0)
            }
        guard length > 0, bytes.count >= length else { return 0 }
        let rest = bytes.dropFirst().prefix(length - 1)
        guard let next = rest.first else { return length }
        return second.contains(next) && rest.dropFirst().allSatisfy { 0x80...0xBF ~= $0 } ? length : 0
    }

    var hex: String { "0x" + String(byte, radix: 16, uppercase: true) }

    var description: String {
        let place = before.isEmpty ? "at offset \(offset)" : "after \"\(before)\""
        return "byte \(hex) \(place), \(guess)"
    }

    /// What the byte is in the encodings that are most often written by mistake.
    private var guess: String {
        guard byte >= 0xA0 else {
            return byte >= 0x80 ? "probably Windows-1252" : "probably a broken sequence"
        }
        return "probably \"\(Character(Unicode.Scalar(byte)))\" in Latin-1 or Windows-1252"
    }
}
