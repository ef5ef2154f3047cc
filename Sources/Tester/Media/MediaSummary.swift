import Crypto
import JSON
import TextUtilities

/// What a report shows in place of the Base64 of images, audio and binary resources.
enum MediaSummary {
    /// Base64 up to this length is shown as it is.
    private static let shortest = 200

    /// The text with a summary in place of each long Base64 value; `nil` if there is none.
    static func replacing(_ text: JSONText) -> JSONText? {
        // Most results have no media: a look at the bytes is enough to know.
        guard text.bytes.count > shortest, text.bytes.containsQuoted("data") || text.bytes.containsQuoted("blob") else {
            return nil
        }
        var hasMedia = false
        let shown = replacing(text.value(), &hasMedia)
        return hasMedia ? JSONText(shown) : nil
    }

    private static func replacing(_ value: JSONValue, _ hasMedia: inout Bool) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { replacing($0, &hasMedia) })
        case .object(var object):
            let type = object["type"]?.string
            for (index, member) in object.members.enumerated() {
                let isMedia =
                    member.key == "blob" || member.key == "data" && (type == "image" || type == "audio")
                    || member.key == "content" && object["encoding"] == "base64"
                if isMedia, let base64 = member.value.string, base64.utf8.count > shortest {
                    object.members[index].value = .string(summary(of: base64))
                    hasMedia = true
                } else {
                    object.members[index].value = replacing(member.value, &hasMedia)
                }
            }
            return .object(object)
        default: return value
        }
    }

    /// The size and the hash of what a Base64 text holds.
    static func summary(of base64: String) -> String {
        guard let bytes = Base64.decode(base64.utf8) else {
            return "[\(base64.utf8.count) characters that are not valid Base64]"
        }
        return "[\(bytes.count) bytes, SHA-256 \(sha256(bytes))]"
    }

    /// The SHA-256 of bytes in hexadecimal.
    static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0\(digits)" : digits
        }.joined()
    }
}

extension ArraySlice<UInt8> {
    /// Whether the bytes contain a word in quotes.
    fileprivate func containsQuoted(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        return withUnsafeBytes { bytes in
            var position = 0
            while position + length + 2 <= bytes.count {
                if bytes[position] == UInt8(ascii: "\""), bytes[position + length + 1] == UInt8(ascii: "\""),
                    (0..<length).allSatisfy({ bytes[position + 1 + $0] == word.utf8Start[$0] })
                {
                    return true
                }
                position += 1
            }
            return false
        }
    }
}
