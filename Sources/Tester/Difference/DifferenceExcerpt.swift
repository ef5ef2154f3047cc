/// The parts of two long strings around their first difference.
enum DifferenceExcerpt {
    static func of(_ old: String, _ new: String, limit: Int) -> (old: String, new: String) {
        guard max(old.utf8.count, new.utf8.count) > limit else { return (old, new) }
        let (a, b) = (Array(old.unicodeScalars), Array(new.unicodeScalars))
        var same = 0
        while same < min(a.count, b.count), a[same] == b[same] { same += 1 }
        let start = max(0, same - limit / 4)
        return (cut(a, from: start, limit: limit), cut(b, from: start, limit: limit))
    }

    private static func cut(_ scalars: [Unicode.Scalar], from start: Int, limit: Int) -> String {
        var text = start > 0 ? "…" : ""
        text.unicodeScalars += scalars.dropFirst(start).prefix(limit)
        if scalars.count > start + limit { text += "…" }
        return text
    }
}
