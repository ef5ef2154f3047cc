/// JSON text with U+FFFD in place of characters that a string cannot hold, so that the rest of a message can be shown.
package struct JSONRepair: Sendable {
    /// The bytes with U+FFFD in place of each fault.
    package let bytes: [UInt8]
    /// The faults, located in the original bytes.
    package let faults: [JSONError]

    /// Replaces invalid UTF-8 and lone surrogates.
    package init(of original: [UInt8]) {
        var faults: [JSONError] = []
        let text = Self.replacingInvalidUTF8(original, faults: &faults)
        bytes = Self.replacingLoneSurrogates(text, faults: &faults)
        self.faults = faults
    }

    private static func replacingInvalidUTF8(_ original: [UInt8], faults: inout [JSONError]) -> [UInt8] {
        var repaired: [UInt8] = []
        var rest = original[...]
        while true {
            do {
                _ = try UTF8Span(validating: rest.span)
                break
            } catch {
                let start = rest.startIndex + error.byteOffsets.lowerBound
                let end = rest.startIndex + error.byteOffsets.upperBound
                faults.append(JSONError(.invalidUTF8, at: start))
                repaired += rest[..<start]
                repaired += [0xEF, 0xBF, 0xBD]
                rest = rest[end...]
            }
        }
        return repaired.isEmpty ? original : repaired + rest
    }

    /// Reads every escape from the start, so that `\\ud800` (an escaped backslash) is not replaced.
    private static func replacingLoneSurrogates(_ text: [UInt8], faults: inout [JSONError]) -> [UInt8] {
        var repaired = text
        let raw = text.span.bytes
        var scanner = JSONScanner()
        while scanner.position < text.count {
            guard text[scanner.position] == UInt8(ascii: "\\") else {
                scanner.position += 1
                continue
            }
            let start = scanner.position
            do throws(JSONError) {
                _ = try scanner.readEscape(in: raw)
            } catch {
                if error.kind == .loneSurrogate {
                    faults.append(error)
                    repaired.replaceSubrange((start + 2)..<(start + 6), with: Array("fffd".utf8))
                }
                scanner.position = min(start + (error.kind == .loneSurrogate ? 6 : 2), text.count)
            }
        }
        return repaired
    }
}
