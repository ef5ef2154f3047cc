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
            for start in buffer.indices where buffer[start] < 0x80 {
                // Lowercase, for letters.
                let words = hints[Int(buffer[start] | 0x20)]
                if !words.isEmpty, words.contains(where: { occurs($0, at: start, of: buffer) }) { return true }
            }
            return false
        }
    }

    /// Words by the code of their first character.
    private static let hints = {
        var hints = [[[UInt8]]](repeating: [], count: 0x80)
        for word in [
            "pass", "pwd", "pat\"", "secret", "token", "key", "auth", "credential", "cookie", "jwt", "bearer", "://",
        ] {
            let bytes = Array(word.utf8)
            hints[Int(bytes[0])].append(bytes)
        }
        return hints
    }()

    private static func occurs(_ hint: [UInt8], at start: Int, of buffer: UnsafeBufferPointer<UInt8>) -> Bool {
        guard buffer.count - start >= hint.count else { return false }
        for index in hint.indices {
            let byte = buffer[start + index]
            let lowercase = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            if lowercase != hint[index] { return false }
        }
        return true
    }
}
