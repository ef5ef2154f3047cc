/// Names as the data model of Prometheus allows them.
enum MetricName {
    /// The name of a metric: other characters become `_`, and a counter ends in `_total`.
    static func valid(_ label: String, for type: SampleType) -> String {
        let name = valid(label, allowing: ":")
        return type == .counter && !name.hasSuffix("_total") ? "\(name)_total" : name
    }

    /// The name of a label; one that the format needs itself is renamed as Prometheus does it.
    static func validLabel(_ name: String) -> String {
        let name = valid(name, allowing: nil)
        return name == "le" || name.hasPrefix("__") ? "exported_\(name)" : name
    }

    private static func valid(_ text: String, allowing other: Character?) -> String {
        var name = String(
            text.map { character in
                character.isASCII && (character.isLetter || character.isNumber) || character == other ? character : "_"
            }
        )
        if name.first.map(\.isNumber) ?? true { name.insert("_", at: name.startIndex) }
        return name
    }
}

/// The labels of a time series as the page has them: sorted by name, escaped, without braces.
struct LabelText: Hashable, Comparable {
    let text: String

    /// - Parameter dimensions: Names and values; of two with the same name the first counts.
    init(_ dimensions: [(String, String)]) {
        let labels = dimensions.map { (name: MetricName.validLabel($0.0), value: $0.1) }
        let unique = Dictionary(labels.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        text = unique.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(ExpositionWriter.escaped($0.value, quotes: true))\"" }
            .joined(separator: ",")
    }

    static func < (one: LabelText, other: LabelText) -> Bool { one.text < other.text }
}
