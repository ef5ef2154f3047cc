import JSON
import MCP
import Testing

/// The accessors of one view by member name.
struct AccessorList: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Members without accessor, and accessors that do not find a valid member.
    let unmatched: [String]
    /// Members of an object that no accessor finds.
    let unseen: @Sendable (JSONObject) -> [String]

    init<View: JSONObjectView>(
        _ view: View.Type,
        _ accessors: [String: KeyPathTo<View>],
        members: [Member] = View.members
    ) {
        testDescription = "\(view)"
        // Members that all views share have their accessors in protocols.
        let names = Set(members.map(\.name)).subtracting(["_meta", "$schema"])
        let unmatched = names.symmetricDifference(accessors.keys).map { "\($0): no member or no accessor" }
        let blind = members.compactMap { member -> String? in
            guard let keyPath = accessors[member.name] else { return nil }
            let object = View(json: JSONObject([.init(key: member.name, value: member.shape.sample)]))
            let found = flattened(object[keyPath: keyPath]) != nil
            return found ? nil : "\(member.name): the accessor finds nothing in \(object.jsonValue)"
        }
        self.unmatched = (unmatched + blind).sorted()
        unseen = { json in
            let object = View(json: json)
            return json.keys.filter { key in
                let isSeen = accessors[key].map { flattened(object[keyPath: $0]) != nil }
                return names.contains(key) && isSeen != true
            }
        }
    }
}

/// A key path to a value of any type.
///
/// Literal key paths are safe to share between threads.
typealias KeyPathTo<View> = any PartialKeyPath<View> & Sendable

/// The wrapped value of an optional in `Any`.
private func flattened(_ value: Any) -> Any? {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else { return value }
    return mirror.children.first?.value
}

extension ValueShape {
    /// A value of this shape.
    fileprivate var sample: JSONValue {
        switch self {
        case .any, .string: "text"
        case .null: nil
        case .uri: "file:///a"
        case .base64: "AAAA"
        case .constant(let word): .string(word)
        case .oneOf(let words): .string(words.first ?? "")
        case .boolean: true
        case .integer(let least): JSONValue(least ?? 3)
        case .number: 0.5
        case .array(let element, _): [element.sample]
        case .map(let element): ["key": element.sample]
        case .object, .view: [:]
        case .either(let one, _): one.sample
        }
    }
}
