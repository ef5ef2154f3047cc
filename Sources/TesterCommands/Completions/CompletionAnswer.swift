/// What a shell offers for the word at the cursor.
struct CompletionAnswer: Equatable {
    /// A word that completes what is typed.
    struct Candidate: Equatable {
        /// The whole word.
        var word: String
        var description = ""
    }

    /// What the shell itself adds.
    enum Addition: String {
        case nothing = "words"
        case files
        case directories
        /// The completions of the command after `--`.
        case command
    }

    var candidates: [Candidate] = []
    var addition = Addition.nothing
    /// What stands before a file name in the same word.
    var prefix = ""

    /// Only what begins with the word at the cursor.
    func matching(_ current: String) -> CompletionAnswer {
        var answer = self
        answer.candidates = candidates.filter { $0.word.hasPrefix(current) && $0.word != current }
        return answer
    }

    /// The lines that the completion function of a shell reads: what to add and the prefix, then one candidate per line.
    ///
    /// - Parameters:
    ///   - shell: The shell.
    ///   - line: What is typed.
    ///   - replaced: The part of the word that bash replaces; it splits words at colons and equal signs.
    func lines(for shell: CompletionShell, _ line: TypedLine, replacing replaced: String) -> [String] {
        let head = "\(addition.rawValue)\t\(prefix)"
        switch shell {
        case .zsh, .fish:
            return [head]
                + candidates.map { candidate in
                    let description = SafeText.escapeLine(candidate.description)
                    return "\(SafeText.escapeLine(candidate.word))\t\(description)"
                }
        case .bash:
            let kept = line.current.hasSuffix(replaced) ? line.current.count - replaced.count : 0
            return [head]
                + candidates.map { candidate in
                    let rest = SafeText.escapeLine(String(candidate.word.dropFirst(kept)))
                    return line.quote == nil ? Self.quoted(rest) : rest
                }
        }
    }

    /// A word as it is typed in a shell, with backslashes.
    private static func quoted(_ word: String) -> String {
        var quoted = ""
        for scalar in word.unicodeScalars {
            if scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9" ~= scalar),
                !"-_./:=@%+,^".contains(Character(scalar))
            {
                quoted += "\\"
            }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted
    }
}

/// A shell with completions.
enum CompletionShell: String, CaseIterable, Sendable {
    case bash
    case zsh
    case fish
}
