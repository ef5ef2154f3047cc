/// What the word before the cursor can become.
package struct LineCompletion: Hashable, Sendable {
    /// One possibility.
    package struct Candidate: Hashable, Sendable {
        /// What replaces the word.
        package var text: String
        /// What the menu shows.
        package var label: String
        /// Whether the word is complete, so that a space follows it.
        package var isComplete: Bool

        package init(_ text: String, label: String? = nil, isComplete: Bool = true) {
            self.text = text
            self.label = label ?? text
            self.isComplete = isComplete
        }
    }

    /// The part of the line before the cursor that is replaced.
    package var word: String
    /// The possibilities, in the order in which they are shown.
    package var candidates: [Candidate]

    package init(word: String, candidates: [Candidate]) {
        self.word = word
        self.candidates = candidates
    }
}

extension LineEditor {
    /// Inserts what all candidates have in common, or shows them if that is nothing new.
    ///
    /// A line that was changed meanwhile stays as it is.
    package mutating func apply(_ completion: LineCompletion) -> Effect? {
        guard before.hasSuffix(completion.word), let first = completion.candidates.first else { return .bell }
        let isOnly = completion.candidates.count == 1
        let common = completion.candidates.dropFirst().reduce(first.text) { $0.commonPrefix(with: $1.text) }
        if isOnly || common.count > completion.word.count {
            before.removeLast(completion.word.count)
            before += common
            if isOnly, first.isComplete, after.first?.isWhitespace != true { before += " " }
            return nil
        }
        menu = completion.candidates.map(\.label)
        return nil
    }
}

extension String {
    /// The characters with which both texts begin.
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
