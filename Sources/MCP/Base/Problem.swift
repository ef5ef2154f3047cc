public import JSON

/// One way in which a value breaks the schema of its revision.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// Where it is, from the value that was judged.
    public let pointer: JSONPointer
    /// What stands there and what was expected.
    public let sentence: String

    /// Creates a problem; without a pointer it is about the whole value.
    public init(_ sentence: String, at pointer: JSONPointer = JSONPointer()) {
        self.pointer = pointer
        self.sentence = sentence
    }

    /// The same problem as seen from the object that holds the value under that name.
    func under(_ token: String) -> Problem {
        Problem(sentence, at: JSONPointer([token] + pointer.tokens))
    }

    /// Place and sentence.
    public var description: String {
        pointer.tokens.isEmpty ? sentence : "\(pointer): \(sentence)"
    }
}
