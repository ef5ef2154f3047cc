public import JSON

/// One violation of the schema of a revision.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The location of the problem, relative to the validated value.
    public let pointer: JSONPointer
    /// What was found and what was expected.
    public let sentence: String

    /// Creates a problem.
    ///
    /// Without a pointer it concerns the whole value.
    public init(_ sentence: String, at pointer: JSONPointer = JSONPointer()) {
        self.pointer = pointer
        self.sentence = sentence
    }

    /// The same problem, located relative to the object that holds the value under this name.
    func under(_ token: String) -> Problem {
        Problem(sentence, at: JSONPointer([token] + pointer.tokens))
    }

    /// The location and the sentence.
    public var description: String {
        pointer.tokens.isEmpty ? sentence : "\(pointer): \(sentence)"
    }
}
