import TextUtilities

/// Removes suggestions of the argument parser that are far from what was written.
///
/// It takes the nearest option however far away that is, such as `--root` for `--foo`.
enum Suggestion {
    private static let question = ". Did you mean '"

    static func filter(_ message: String) -> String {
        guard let start = message.firstRange(of: question),
            let end = message[start.upperBound...].firstRange(of: "'?"),
            let close = message[..<start.lowerBound].lastIndex(of: "'"),
            let open = message[..<close].lastIndex(of: "'")
        else { return message }
        let written = String(message[message.index(after: open)..<close])
        let suggested = String(message[start.upperBound..<end.lowerBound])
        guard nearest(name(written), among: [name(suggested)]) == nil else { return message }
        return message.replacingCharacters(start.lowerBound..<end.upperBound, with: "")
    }

    /// The letters of an option, which alone are compared.
    private static func name(_ option: String) -> String { String(option.drop { $0 == "-" }.prefix { $0 != "=" }) }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<String.Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
