import JSON

/// The state of comparing two values: the differences found so far.
struct DifferenceSearch {
    let options: JSONDifference.Options
    private(set) var entries: [JSONDifference.Entry] = []
    private(set) var omitted = 0

    init(_ options: JSONDifference.Options) {
        self.options = options
    }

    mutating func compare(_ old: JSONValue, _ new: JSONValue, at place: DifferencePlace) {
        switch (old, new) {
        case (.object(let a), .object(let b)): compare(a, b, at: place)
        case (.array(let a), .array(let b)): compare(a, b, at: place)
        case (.string(let a), .string(let b)): compare(a, b, at: place)
        case _ where old == new: break
        default: change(old, new, at: place)
        }
    }

    mutating func add(
        _ kind: JSONDifference.Kind,
        _ old: JSONValue?,
        _ new: JSONValue?,
        at place: DifferencePlace,
        as volatility: Volatility? = nil
    ) {
        guard entries.count < options.limit else {
            omitted += 1
            return
        }
        entries.append(
            JSONDifference.Entry(
                kind: kind,
                pointer: place.holder ?? place.pointer,
                within: place.holder == nil ? nil : place.pointer,
                old: old,
                new: new,
                volatility: volatility
            )
        )
    }

    private mutating func change(_ old: JSONValue, _ new: JSONValue, at place: DifferencePlace) {
        let volatility = options.recognizesVolatileValues ? Volatility(old, new, key: place.key, now: options.now) : nil
        add(.changed, old, new, at: place, as: volatility)
    }

    private mutating func compare(_ old: JSONObject, _ new: JSONObject, at place: DifferencePlace) {
        let (oldValues, newValues) = (old.lastValues, new.lastValues)
        for (key, value) in oldValues.members {
            if let present = newValues.values[key] {
                compare(value, present, at: place.member(key.text))
            } else {
                add(.removed, value, nil, at: place.member(key.text))
            }
        }
        for (key, value) in newValues.members where oldValues.values[key] == nil {
            add(.added, nil, value, at: place.member(key.text))
        }
    }

    private mutating func compare(_ old: String, _ new: String, at place: DifferencePlace) {
        guard .string(old) != JSONValue.string(new) else { return }
        if options.comparesJSONText, place.holder == nil, let a = Self.document(in: old),
            let b = Self.document(in: new), a != b
        {
            compare(a, b, at: place.document)
        } else {
            change(.string(old), .string(new), at: place)
        }
    }

    /// The object or array that a string holds as JSON text.
    private static func document(in text: String) -> JSONValue? {
        guard let first = text.utf8.first(where: { $0 > 0x20 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return nil }
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            return nil
        }
    }
}

/// The scalars of a key: Swift compares strings by canonical equivalence, JSON does not.
struct ScalarKey: Hashable {
    let text: String

    static func == (one: ScalarKey, other: ScalarKey) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

extension JSONObject {
    /// The last value of each key, in the order of the first, and by key.
    fileprivate var lastValues: (members: [(key: ScalarKey, value: JSONValue)], values: [ScalarKey: JSONValue]) {
        var values: [ScalarKey: JSONValue] = [:]
        var keys: [ScalarKey] = []
        for member in members {
            let key = ScalarKey(text: member.key)
            if values.updateValue(member.value, forKey: key) == nil { keys.append(key) }
        }
        return (keys.compactMap { key in values[key].map { (key, $0) } }, values)
    }
}
