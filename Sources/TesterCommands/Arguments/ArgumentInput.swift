import JSON
import Tester

/// The arguments of a tool or a prompt as they were given on the command line.
///
/// The forms are `name=value`, `name:=json`, one object `{…}`, `@file` and `-` for standard input.
enum ArgumentInput: Sendable {
    /// None.
    case none
    /// One object, passed on as it stands.
    case object(JSONText)
    /// One by one, in the order given.
    case pairs([Pair])

    /// One argument.
    struct Pair: Sendable {
        var name: String
        var value: Value

        enum Value: Sendable {
            /// Text, whose type the tool's schema tells.
            case text(String)
            /// An exact value.
            case exact(JSONValue)
        }
    }

    /// Tells whether the tool's schema is needed to make values of the texts.
    var needsSchema: Bool {
        guard case .pairs(let pairs) = self else { return false }
        return pairs.contains { if case .text = $0.value { true } else { false } }
    }

    /// Reads the words that follow the name of the tool or prompt.
    ///
    /// - Throws: ``Failure`` that names the word and what would be right.
    init(_ words: [String], from inputs: Inputs) async throws(Failure) {
        guard let first = words.first else {
            self = .none
            return
        }
        guard Self.isWhole(first) else {
            self = .pairs(try Self.pairs(words))
            return
        }
        guard words.count == 1 else {
            throw .usage(
                "\"\(first)\" stands for all arguments, but \"\(words[1])\" follows it.",
                nextStep: "Give either one object ({…}, @file or -) or single arguments (name=value)."
            )
        }
        let (bytes, origin) = try await Self.bytes(of: first, from: inputs)
        let text: JSONText
        do throws(JSONError) {
            text = try JSONText(bytes)
        } catch {
            throw .usage(
                "\(origin) is not JSON: \(error).",
                nextStep: "Give a JSON object, such as '{\"name\": \"value\"}', in single quotes on a command line."
            )
        }
        guard text.kind == .object else { throw Self.notAnObject(origin, text.kind) }
        self = .object(text)
    }

    // MARK: - One object

    private static func isWhole(_ word: String) -> Bool {
        word == "-" || word.hasPrefix("{") || word.hasPrefix("@")
    }

    /// The bytes that a word stands for: its own, those of a file (`@file`) or of standard input (`-`).
    static func bytes(
        of word: String,
        from inputs: Inputs
    ) async throws(Failure) -> (bytes: [UInt8], origin: String) {
        if word == "-" { return (await inputs.standard(), "What came from standard input") }
        if word.hasPrefix("@") {
            let path = String(word.dropFirst())
            return (try inputs.file(path), "The content of \(path)")
        }
        return (Array(word.utf8), "\"\(word)\"")
    }

    // MARK: - One by one

    private static func pairs(_ words: [String]) throws(Failure) -> [Pair] {
        var pairs: [Pair] = []
        for word in words {
            let pair = try pair(word)
            guard !pairs.contains(where: { $0.name.hasSameScalars(as: pair.name) }) else {
                throw .usage(
                    "The argument \"\(pair.name)\" is given twice.",
                    nextStep: "Give it once; for a list write \(pair.name):='[…]'."
                )
            }
            pairs.append(pair)
        }
        return pairs
    }

    private static func pair(_ word: String) throws(Failure) -> Pair {
        guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
            throw .usage(
                "\"\(word)\" is no argument: it has no name and \"=\".",
                nextStep: "Write name=value, name:=json, one object '{…}', @file, or - for standard input."
            )
        }
        let text = String(word[word.index(after: equals)...])
        let name = word[..<equals]
        guard name.hasSuffix(":"), name.count > 1 else { return Pair(name: String(name), value: .text(text)) }
        do throws(JSONError) {
            return Pair(name: String(name.dropLast()), value: .exact(try JSONValue(parsing: text)))
        } catch {
            let string = JSONValue.string(text)
            throw .usage(
                "The value of \"\(word)\" is not JSON: \(error).",
                nextStep:
                    "After := exact JSON is expected; for a string write \(name)='\(string)' or \(name.dropLast())=\(text)"
            )
        }
    }
}

extension ArgumentInput {
    fileprivate static func notAnObject(_ origin: String, _ kind: JSONText.Kind) -> Failure {
        .usage(
            "\(origin) is JSON, but of the kind \(kind): the arguments together are an object.",
            nextStep: "Put the values under their names: '{\"name\": value}'."
        )
    }
}
