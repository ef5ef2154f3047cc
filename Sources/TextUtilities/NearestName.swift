/// Finds the name that a misspelled one probably stands for.
///
/// - Parameters:
///   - name: The name as written.
///   - candidates: The valid names.
/// - Returns: The candidate with the smallest edit distance, ignoring case, or nil if that exceeds a third of the length.
package func nearest(_ name: String, among candidates: some Sequence<String>) -> String? {
    let written = Array(name.lowercased().unicodeScalars.prefix(64))
    let tolerance = max(1, written.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name {
        let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
        guard abs(other.count - written.count) <= tolerance else { continue }
        let distance = editDistance(written, other)
        if distance <= tolerance, distance < written.count, distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    return best?.name
}

/// The number of insertions, deletions, substitutions and transpositions that turn one text into the other.
private func editDistance(_ one: [Unicode.Scalar], _ other: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...other.count)
    for i in one.indices {
        var row = [i + 1]
        for j in other.indices {
            var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (one[i] == other[j] ? 0 : 1))
            if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[other.count]
}
