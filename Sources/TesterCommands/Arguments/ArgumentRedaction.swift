import MCPHTTP

/// Shows words of a refused command line without the secrets that they may hold.
enum ArgumentRedaction {
    /// A word as a message may show it: without passwords of URLs, values of headers and values with a secret's name.
    static func shown(_ word: String) -> String {
        if let assignment = word.firstIndex(of: "=") {
            let name = word[..<assignment]
            let value = String(word[word.index(after: assignment)...])
            if name.allSatisfy(isNameCharacter) {
                return "\(name)=\(self.value(value, of: String(name)))"
            }
        }
        if let header = header(word) { return header }
        return withoutPassword(word)
    }

    /// The value of an argument, unless its name says that it is secret.
    static func value(_ value: String, of name: String) -> String {
        Redaction.isSecret(name) ? Redaction.placeholder(.argument) : shown(value)
    }

    /// A message in which the words of the command line are replaced by what may be shown of them.
    static func redact(_ message: String, words: [String]) -> String {
        var message = message
        for word in words {
            // An option and its value may be one word, of which a message repeats only the value.
            let value = word.hasPrefix("--") ? word.split(separator: "=", maxSplits: 1).dropFirst().first : nil
            for secret in [word] + (value.map { [String($0)] } ?? []) {
                let safe = shown(secret)
                if safe != secret { message = message.replacing(secret, with: safe) }
            }
        }
        return message
    }

    /// A header or a credential with its scheme, such as `X-Key: value` or `Bearer value`.
    private static func header(_ word: String) -> String? {
        for scheme in ["Bearer ", "Basic "] where word.lowercased().hasPrefix(scheme.lowercased()) {
            return "\(word.prefix(scheme.count))\(Redaction.placeholder(.token))"
        }
        guard let colon = word.firstIndex(of: ":"), colon != word.startIndex, word[..<colon].allSatisfy(isNameCharacter)
        else { return nil }
        let value = word[word.index(after: colon)...]
        guard value.first?.isWhitespace ?? false else { return nil }
        return "\(word[...colon]) \(Redaction.placeholder(.header))"
    }

    private static func withoutPassword(_ word: String) -> String {
        guard !word.contains(" ") else {
            let words = word.split(separator: " ", omittingEmptySubsequences: false)
            return words.map { shown(String($0)) }.joined(separator: " ")
        }
        let scheme = word.firstRange(of: "://")
        let start = scheme?.upperBound ?? word.startIndex
        let place = word[start...].prefix { !"?#".contains($0) }
        guard let at = place.lastIndex(of: "@"), let colon = place[..<at].firstIndex(of: ":"),
            place.index(after: colon) != at
        else { return scheme == nil ? word : Redaction.reference(word) }
        return "\(word[..<start])\(Redaction.placeholder(.password))\(Redaction.reference(String(word[at...])))"
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
    }
}
