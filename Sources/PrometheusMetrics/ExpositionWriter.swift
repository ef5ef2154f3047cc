/// Writes the text format of Prometheus, version 0.0.4.
///
/// Source: prometheus.io, "Exposition formats", "Text-based format".
struct ExpositionWriter {
    private var text = ""
    private var name = ""

    var bytes: [UInt8] { Array(text.utf8) }

    /// Begins a metric, whose samples follow.
    mutating func begin(_ name: String, _ type: SampleType, help: String?) {
        self.name = name
        if let help { text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n" }
        text += "# TYPE \(name) \(type.rawValue)\n"
    }

    mutating func write(_ sample: Sample, _ labels: LabelText = LabelText([])) {
        switch sample {
        case .value(let value): line("", labels.text, Self.number(value))
        case .histogram(let buckets, let sum, let count):
            let prefix = labels.text.isEmpty ? "" : "\(labels.text),"
            for (bound, count) in buckets { line("_bucket", "\(prefix)le=\"\(Self.number(bound))\"", "\(count)") }
            line("_bucket", "\(prefix)le=\"+Inf\"", "\(count)")
            line("_sum", labels.text, Self.number(sum))
            line("_count", labels.text, "\(count)")
        }
    }

    private mutating func line(_ suffix: String, _ labels: String, _ value: String) {
        text += name + suffix
        if !labels.isEmpty { text += "{\(labels)}" }
        text += " \(value)\n"
    }

    /// A number as Go reads it: an integer without a fraction, infinity with its sign.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    /// Escapes a backslash and a line feed, and in the value of a label also a quotation mark.
    static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
