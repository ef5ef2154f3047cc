import JSON
import Tester

/// Finds what differs between the runs of a repeated case.
enum Variations {
    private static let limit = 50

    /// - Parameter runs: The results of the steps of each run.
    static func of(_ runs: [[JSONValue?]], titles: [String]) -> [Variation] {
        guard let first = runs.first else { return [] }
        var known: Set<Variation> = []
        var variations: [Variation] = []
        var options = JSONDifference.Options()
        // Elements are compared by place, so that another order is found.
        options.identifiers = []
        for run in runs.dropFirst() {
            for (index, pair) in zip(first, run).enumerated() {
                guard let one = pair.0, let other = pair.1, one != other else { continue }
                let difference = JSONDifference(from: one, to: other, options: options)
                for entry in difference.entries + difference.volatile {
                    let variation = Variation(
                        step: index < titles.count ? titles[index] : "step \(index + 1)",
                        pointer: entry.pointer.description + (entry.within.map { " within \($0)" } ?? ""),
                        kind: entry.volatility?.rawValue ?? (entry.kind == .reordered ? "order" : "value")
                    )
                    if variations.count < limit, known.insert(variation).inserted { variations.append(variation) }
                }
            }
        }
        return variations
    }
}
