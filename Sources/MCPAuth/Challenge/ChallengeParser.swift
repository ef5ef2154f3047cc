/// Splits one `WWW-Authenticate` value into challenges: commas separate challenges as well as parameters.
struct ChallengeParser {
    private var rest: Substring
    private(set) var problems: [String] = []

    init(_ value: String) {
        rest = value[...]
    }

    mutating func parse() -> [Challenge] {
        var challenges: [Challenge] = []
        while true {
            skipSeparators()
            if rest.isEmpty { return challenges }
            let word = takeToken()
            guard !word.isEmpty else {
                note("\"\(rest.prefix(1))\" is not allowed at the beginning of a challenge or parameter")
                // Go on after the next comma, so that later challenges are found.
                rest = rest.drop { $0 != "," }
                continue
            }
            skipSpaces()
            if rest.first == "=", !challenges.isEmpty {
                readValue(of: word, into: &challenges[challenges.count - 1])
            } else if rest.first == "=" {
                note("the parameter \(word) has no scheme before it")
                rest = rest.drop { $0 != "," }
            } else {
                challenges.append(Challenge(scheme: word.lowercased(), parameters: []))
                skipToken68()
            }
        }
    }

    private mutating func readValue(of name: Substring, into challenge: inout Challenge) {
        rest.removeFirst()
        skipSpaces()
        let value: String
        if rest.first == "\"" {
            value = takeQuoted(name)
        } else {
            value = String(rest.prefix { $0 != "," && $0 != " " && $0 != "\t" })
            rest = rest.dropFirst(value.count)
            if !value.allSatisfy(Self.isTokenCharacter) || value.isEmpty {
                note("the value of \(name) is not quoted, although it is not a token")
            }
        }
        challenge.parameters.append(.init(name: name.lowercased(), value: value))
        skipSpaces()
        guard let next = rest.first, next != "," else { return }
        note("a comma is missing after the parameter \(name)")
    }

    private mutating func takeQuoted(_ name: Substring) -> String {
        rest.removeFirst()
        var value = ""
        while let character = rest.popFirst() {
            if character == "\"" { return value }
            if character == "\\", let next = rest.popFirst() {
                value.append(next)
            } else {
                value.append(character)
            }
        }
        note("the quoted value of \(name) is not closed")
        return value
    }

    /// Skips credentials without a name, such as those of `Negotiate`.
    private mutating func skipToken68() {
        let body = rest.prefix { Self.isTokenCharacter($0) || $0 == "/" }
        let after = rest.dropFirst(body.count).drop { $0 == "=" }.drop { $0 == " " || $0 == "\t" }
        // Anything else after it means that it is the name of a parameter.
        if !body.isEmpty, after.isEmpty || after.first == "," { rest = after }
    }

    private mutating func takeToken() -> Substring {
        let word = rest.prefix(while: Self.isTokenCharacter)
        rest = rest.dropFirst(word.count)
        return word
    }

    private mutating func skipSpaces() { rest = rest.drop { $0 == " " || $0 == "\t" } }

    private mutating func skipSeparators() { rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," } }

    private mutating func note(_ problem: String) {
        if problems.count < 10 { problems.append(problem) }
    }

    private static func isTokenCharacter(_ character: Character) -> Bool {
        guard let byte = character.asciiValue else { return false }
        return byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
    }
}
