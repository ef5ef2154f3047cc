import JSON

/// A search for a text in all strings of a part of a report; case does not matter.
struct ResultSearch {
    private let text: String
    private let needle: [Unicode.Scalar]
    /// How many places are shown.
    private let limit: Int
    private var hits: [JSONValue] = []
    private var count = 0

    /// How much is shown on each side of a hit, in characters.
    private static let surroundings = 40

    init(_ text: String, limit: Int) {
        self.text = text
        self.limit = limit
        needle = text.unicodeScalars.map(\.folded)
    }

    /// The places where the text occurs.
    func report(on matches: [JSONPath.Match]) -> Report {
        var search = self
        for match in matches { search.visit(match.value, match.pointer) }
        var report = Report(
            .pass,
            "\(search.count) match\(search.count == 1 ? "" : "es") of \"\(text.shortened(to: 60))\""
        )
        report.add("matches", .array(search.hits))
        if search.count > search.hits.count { report.add("left_out", JSONValue(search.count - search.hits.count)) }
        return report
    }

    private mutating func visit(_ value: JSONValue, _ pointer: JSONPointer) {
        switch value {
        case .string(let text): visit(text, pointer)
        case .array(let elements):
            for (index, element) in elements.enumerated() { visit(element, pointer.appending(index)) }
        case .object(let object):
            for member in object.members { visit(member.value, pointer.appending(member.key)) }
        case .null, .bool, .number: break
        }
    }

    private mutating func visit(_ text: String, _ pointer: JSONPointer) {
        let scalars = Array(text.unicodeScalars)
        let folded = scalars.map(\.folded)
        guard !needle.isEmpty, folded.count >= needle.count else { return }
        for offset in 0...(folded.count - needle.count)
        where folded[offset] == needle[0] && folded[offset..<offset + needle.count].elementsEqual(needle) {
            count += 1
            guard hits.count < limit else { continue }
            let end = min(offset + needle.count + Self.surroundings, scalars.count)
            let excerpt = String.UnicodeScalarView(scalars[max(offset - Self.surroundings, 0)..<end])
            hits.append([
                "pointer": .string(pointer.description), "offset": JSONValue(offset),
                "excerpt": .string(String(excerpt)),
            ])
        }
    }
}

extension Unicode.Scalar {
    /// The scalar in lower case, if that is one scalar, so that offsets stay those of the text.
    fileprivate var folded: Unicode.Scalar {
        let lower = properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower[lower.startIndex] : self
    }
}
