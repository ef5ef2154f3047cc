import JSON
import MCPHTTP

extension Secret {
    /// The secrets among the arguments of a tool: strings whose names say so, at any depth.
    static func inArguments(_ arguments: JSONText) -> [Secret] {
        guard mayHaveSecrets(arguments.bytes) else { return [] }
        var secrets: [Secret] = []
        collect(arguments.value(), name: nil, depth: 0, into: &secrets)
        return secrets
    }

    private static func collect(_ value: JSONValue, name: String?, depth: Int, into secrets: inout [Secret]) {
        guard depth < 64 else { return }
        switch value {
        case .string(let text):
            if let name, SecretNames.isSecret(argument: name) { secrets.append(Secret(text, .argument)) }
            if text.contains("://") { secrets += URLSecrets.secrets(of: text) }
        case .array(let elements):
            for element in elements { collect(element, name: name, depth: depth + 1, into: &secrets) }
        case .object(let object):
            for member in object.members { collect(member.value, name: member.key, depth: depth + 1, into: &secrets) }
        default: break
        }
    }

    /// Whether a part of a secret name or of a URL occurs: most calls need no more than this look.
    private static func mayHaveSecrets(_ bytes: ArraySlice<UInt8>) -> Bool {
        let hints = hints
        return bytes.withUnsafeBufferPointer { buffer in
            for start in buffer.indices {
                // Lowercase, for letters.
                let first = buffer[start] | 0x20
                guard first < 0x80, hints.firstBytes[Int(first)] else { continue }
                if hints.words.contains(where: { occurs($0, at: start, of: buffer) }) { return true }
            }
            return false
        }
    }

    private struct Hints {
        let words: [[UInt8]]
        /// Whether a word begins with an ASCII character, by its code.
        let firstBytes: [Bool]

        init(_ words: [String]) {
            self.words = words.map { Array($0.utf8) }
            firstBytes = (0..<0x80).map { code in words.contains { $0.utf8.first == code } }
        }
    }

    private static let hints = Hints([
        "pass", "pwd", "pat\"", "secret", "token", "key", "auth", "credential", "cookie", "jwt", "bearer", "://",
    ])

    private static func occurs(_ hint: [UInt8], at start: Int, of buffer: UnsafeBufferPointer<UInt8>) -> Bool {
        guard buffer.count - start >= hint.count else { return false }
        guard hint[0] == buffer[start] | 0x20 else { return false }
        for index in hint.indices {
            let byte = buffer[start + index]
            let lowercase = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            if lowercase != hint[index] { return false }
        }
        return true
    }
}
