import MCPHTTP

/// The parameters of a form or a query, in order.
///
/// Source: RFC 6749, appendix B.
package struct FormParameters: Sendable, Hashable {
    package private(set) var pairs: [(name: String, value: String)]

    /// Creates parameters.
    package init(_ pairs: [(name: String, value: String)] = []) {
        self.pairs = pairs
    }

    /// Reads a query or a form.
    package init(parsing text: String) {
        pairs = text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decode(parts[0]), parts.count > 1 ? Self.decode(parts[1]) : "")
        }
    }

    /// Appends a parameter; nil appends nothing.
    package mutating func append(_ name: String, _ value: String?) {
        if let value { pairs.append((name, value)) }
    }

    /// The values of a parameter.
    package func values(of name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    /// The encoded text.
    package var text: String {
        pairs.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&")
    }

    /// Encodes a text for a form.
    package static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decode(_ text: Substring) -> String {
        HTTPURL.removingPercentEncoding(Substring(text.map { $0 == "+" ? " " : String($0) }.joined()))
    }

    package static func == (one: FormParameters, other: FormParameters) -> Bool { one.text == other.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
