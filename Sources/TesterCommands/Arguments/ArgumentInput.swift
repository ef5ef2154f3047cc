import JSON
import Tester

/// The arguments of a tool or a prompt as given on the command line.
///
/// The forms are `name=value`, `name:=json`, one object `{…}`, `@file`, and `-` for standard input.
enum ArgumentInput: Sendable {
    case none
    /// One object, passed on unchanged.
    case object(JSONText)
    /// Single arguments, in the order given.
    case pairs([Pair])

    struct Pair: Sendable {
        var name: String
        var value: Value

        enum Value: Sendable {
            /// Text whose type the tool's schema decides.
            case text(String)
            /// A JSON value, sent as it is.
            case exact(JSONValue)
        }
    }

    /// Reads the words that follow the name of the tool or prompt.
    ///
    /// - Throws: ``Failure`` of the class `usage` that says what is expected.
    init(_ words: [String], from inputs: InputSources) async throws(Failure) {
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
                "\(first.hasPrefix("{") ? "An object" : "\"\(first)\"") already gives all arguments, but "
                    + "\"\(ArgumentRedaction.shown(words[1]))\" follows.",
                nextStep: "Give either one object ({…}, @file or -) or single arguments (name=value)."
            )
        }
        let (bytes, origin) = try await Self.bytes(of: first, from: inputs)
        let text: JSONText
        do throws(JSONError) {
            text = try JSONText(bytes)
        } catch {
            throw .usage(
                "\(origin) is not valid JSON: \(error).",
                nextStep: "Give a JSON object, such as '{\"name\": \"value\"}', in single quotes in a shell."
            )
        }
        guard text.kind == .object else {
            throw .usage(
                "\(origin) is a JSON value of type \(text.kind); expected an object.",
                nextStep: "Put the values under their names: '{\"name\": value}'."
            )
        }
        self = .object(text)
    }

    // MARK: - One object

    private static func isWhole(_ word: String) -> Bool {
        word == "-" || word.hasPrefix("{") || word.hasPrefix("@")
    }

    /// The bytes that a word stands for: its own, those of a file (`@file`) or those of standard input (`-`).
    static func bytes(
        of word: String,
        from inputs: InputSources
    ) async throws(Failure) -> (bytes: [UInt8], origin: String) {
        if word == "-" { return (await inputs.standard(), "Standard input") }
        if word.hasPrefix("@") {
            let path = String(word.dropFirst())
            return (try await inputs.file(path), "The content of \(path)")
        }
        return (Array(word.utf8), "The argument object")
    }

    // MARK: - Single arguments

    private static func pairs(_ words: [String]) throws(Failure) -> [Pair] {
        var pairs: [Pair] = []
        for word in words {
            let pair = try pair(word)
            guard !pairs.contains(where: { $0.name.hasSameScalars(as: pair.name) }) else {
                throw .usage(
                    "The argument \"\(pair.name)\" is given twice.",
                    nextStep: "Give it once. For a list, write \(pair.name):='[…]'."
                )
            }
            pairs.append(pair)
        }
        return pairs
    }

    private static func pair(_ word: String) throws(Failure) -> Pair {
        guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
            throw .usage(
                "Invalid argument \"\(ArgumentRedaction.shown(word))\": expected name=value.",
                nextStep: "Write name=value, name:=json, one object '{…}', @file, or - for standard input."
            )
        }
        let text = String(word[word.index(after: equals)...])
        let name = word[..<equals]
        guard name.hasSuffix(":"), name.count > 1 else { return Pair(name: String(name), value: .text(text)) }
        do throws(JSONError) {
            return Pair(name: String(name.dropLast()), value: .exact(try JSONValue(parsing: text)))
        } catch {
            let shown = ArgumentRedaction.value(text, of: String(name.dropLast()))
            throw .usage(
                "The value after \(name)= is not valid JSON: \(error).",
                nextStep: "For a string, write \(name)='\(JSONValue.string(shown))' or \(name.dropLast())=\(shown)"
            )
        }
    }
}
