import JSON

extension DifferenceSearch {
    /// Beyond this product of lengths, elements are compared by position.
    private static let alignmentLimit = 1_000_000

    mutating func compare(_ old: [JSONValue], _ new: [JSONValue], at place: DifferencePlace) {
        if let (a, b) = identities(old, new) {
            compareIdentified(old, new, a, b, at: place)
        } else {
            compareAligned(old, new, at: place)
        }
    }

    // MARK: - Objects with an identity

    /// The identities of all elements, if each has one of its own.
    private func identities(_ old: [JSONValue], _ new: [JSONValue]) -> (old: [ScalarKey], new: [ScalarKey])? {
        guard !old.isEmpty || !new.isEmpty else { return nil }
        for name in options.identifiers {
            if let a = Self.identities(old, by: name), let b = Self.identities(new, by: name) { return (a, b) }
        }
        return nil
    }

    private static func identities(_ elements: [JSONValue], by name: String) -> [ScalarKey]? {
        let keys = elements.compactMap { $0[name]?.string.map(ScalarKey.init(text:)) }
        return keys.count == elements.count && Set(keys).count == keys.count ? keys : nil
    }

    private mutating func compareIdentified(
        _ old: [JSONValue],
        _ new: [JSONValue],
        _ oldKeys: [ScalarKey],
        _ newKeys: [ScalarKey],
        at place: DifferencePlace
    ) {
        let newIndices = Dictionary(zip(newKeys, newKeys.indices)) { first, _ in first }
        for (index, key) in oldKeys.enumerated() {
            if let newIndex = newIndices[key] {
                compare(old[index], new[newIndex], at: place.element(newIndex))
            } else {
                add(.removed, old[index], nil, at: place.element(index))
            }
        }
        let oldSet = Set(oldKeys)
        for (index, key) in newKeys.enumerated() where !oldSet.contains(key) {
            add(.added, nil, new[index], at: place.element(index))
        }
        let newSet = Set(newKeys)
        let (before, after) = (oldKeys.filter(newSet.contains), newKeys.filter(oldSet.contains))
        if before != after {
            add(.reordered, .array(before.map { .string($0.text) }), .array(after.map { .string($0.text) }), at: place)
        }
    }

    // MARK: - Other elements

    private mutating func compareAligned(_ old: [JSONValue], _ new: [JSONValue], at place: DifferencePlace) {
        // Values that differ in every run must not prevent that elements are recognized.
        let (a, b) = (old.map { masked($0, place.key) }, new.map { masked($0, place.key) })
        if a != b, a.count == b.count, Self.counts(a) == Self.counts(b) {
            add(.reordered, .array(old), .array(new), at: place)
            return
        }
        var (oldIndex, newIndex) = (0, 0)
        for (i, j) in Self.alignment(a, b) + [(a.count, b.count)] {
            // The elements before the next common one: compared in pairs, then added or removed.
            while oldIndex < i, newIndex < j {
                compare(old[oldIndex], new[newIndex], at: place.element(newIndex))
                oldIndex += 1
                newIndex += 1
            }
            for index in oldIndex..<i { add(.removed, old[index], nil, at: place.element(index)) }
            for index in newIndex..<j { add(.added, nil, new[index], at: place.element(index)) }
            if i < a.count { compare(old[i], new[j], at: place.element(j)) }
            (oldIndex, newIndex) = (i + 1, j + 1)
        }
    }

    private static func counts(_ elements: [JSONValue]) -> [JSONValue: Int] {
        elements.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// The indices of a longest common subsequence, in order.
    private static func alignment(_ a: [JSONValue], _ b: [JSONValue]) -> [(Int, Int)] {
        let start = zip(a, b).prefix { $0 == $1 }.count
        let room = min(a.count, b.count) - start
        let end = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.prefix(room).count
        let (n, m) = (a.count - start - end, b.count - start - end)
        let head = (0..<start).map { ($0, $0) }
        let tail = (0..<end).map { (a.count - end + $0, b.count - end + $0) }
        guard n > 0, m > 0, n <= alignmentLimit / m else { return head + tail }
        var lengths = [Int](repeating: 0, count: (n + 1) * (m + 1))
        for i in (0..<n).reversed() {
            for j in (0..<m).reversed() {
                lengths[i * (m + 1) + j] =
                    a[start + i] == b[start + j]
                    ? lengths[(i + 1) * (m + 1) + j + 1] + 1
                    : max(lengths[(i + 1) * (m + 1) + j], lengths[i * (m + 1) + j + 1])
            }
        }
        var (i, j) = (0, 0)
        var pairs: [(Int, Int)] = []
        while i < n, j < m {
            if a[start + i] == b[start + j] {
                pairs.append((start + i, start + j))
                i += 1
                j += 1
            } else if lengths[(i + 1) * (m + 1) + j] >= lengths[i * (m + 1) + j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return head + pairs + tail
    }

    /// The value with everything that differs in every run replaced by its kind.
    private func masked(_ value: JSONValue, _ key: String) -> JSONValue {
        guard options.recognizesVolatileValues else { return value }
        switch value {
        case .object(let object):
            return .object(
                JSONObject(object.members.map { .init(key: $0.key, value: masked($0.value, $0.key)) })
            )
        case .array(let elements): return .array(elements.map { masked($0, key) })
        default:
            if let volatility = Volatility(of: value, key: key, now: options.now) {
                return .string("\u{0}\(volatility.rawValue)")
            }
            if case .string(let text) = value { return .string(VolatileText(text).masked) }
            return value
        }
    }
}
