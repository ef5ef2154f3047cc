/// Which cases of the suites run.
package struct CaseSelection: Sendable {
    /// Names of cases, or parts of their ids, one of which a case must have; all cases if there are none.
    ///
    /// A filter that is the whole name of a case selects only cases with that name.
    package var filters: [String] = []
    /// Tags, one of which a case must have; all cases if there are none.
    package var tags: [String] = []
    /// Tags that a case must not have.
    package var excludedTags: [String] = []
    /// The ids of the cases that failed last; nil for all.
    package var lastFailed: Set<String>?
    /// The part of the cases that this process runs.
    package var shard: Shard?

    package init() {}

    /// One of several parts of equal size.
    package struct Shard: Sendable, Hashable, CustomStringConvertible {
        /// Which part, from 1.
        package var number: Int
        package var count: Int

        /// Reads a text such as `2/5`.
        package init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let number = parts[0], let count = parts[1], (1...1000).contains(count),
                (1...count).contains(number)
            else { return nil }
            self.number = number
            self.count = count
        }

        package var description: String { "\(number)/\(count)" }
    }

    /// The selected cases of the suites, in the order of the files.
    package func cases(of suites: [Suite]) -> [SuiteCase] {
        let all = suites.flatMap(\.cases)
        let names = Set(all.flatMap(\.names))
        var selected = all.filter { selects($0, among: names) }
        for index in selected.indices { selected[index].number = index }
        guard let shard else { return selected }
        return selected.enumerated().filter { $0.offset % shard.count == shard.number - 1 }.map(\.element)
    }

    private func selects(_ suiteCase: SuiteCase, among names: Set<String>) -> Bool {
        if let lastFailed, !lastFailed.contains(suiteCase.id) { return false }
        if !filters.isEmpty {
            let id = suiteCase.id.lowercased()
            let isSelected = filters.contains { filter in
                let part = filter.lowercased()
                return names.contains(part) ? suiteCase.names.contains(part) : id.firstRange(of: part) != nil
            }
            guard isSelected else { return false }
        }
        if !tags.isEmpty, !tags.contains(where: suiteCase.tags.contains) { return false }
        return !excludedTags.contains(where: suiteCase.tags.contains)
    }
}

extension SuiteCase {
    /// Its names, of this cell of the matrix and of all cells, in lowercase.
    fileprivate var names: [String] { [id, title, name, "\(file)::\(name)"].map { $0.lowercased() } }
}
