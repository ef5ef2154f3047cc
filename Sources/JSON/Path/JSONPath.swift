/// A query for values in a JSON document (RFC 9535), without filters and functions.
///
/// Supported are names, wildcards, indices (also from the end), slices, unions and descendants.
public struct JSONPath: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is not a query.
    public struct Fault: Error, Hashable, CustomStringConvertible {
        /// What was expected or is not supported.
        public let reason: String
        /// The number of characters before the fault.
        public let offset: Int

        /// What is wrong and where.
        public var description: String { "\(reason) at character \(offset + 1)" }
    }

    /// A value that a query found.
    public struct Match: Sendable {
        /// Where it is.
        public let pointer: JSONPointer
        /// The value.
        public let value: JSONValue

        /// Creates a match.
        public init(pointer: JSONPointer, value: JSONValue) {
            self.pointer = pointer
            self.value = value
        }
    }

    enum Selector: Sendable, Hashable {
        case name(String)
        case index(Int)
        case slice(start: Int?, end: Int?, step: Int)
        case wildcard
    }

    struct Segment: Sendable, Hashable {
        var isDescendant: Bool
        var selectors: [Selector]
    }

    /// The query as it was written.
    public let description: String
    let segments: [Segment]

    /// Parses a query.
    ///
    /// - Throws: ``Fault``.
    public init(_ text: String) throws(Fault) {
        var parser = JSONPathParser(text)
        segments = try parser.parse()
        description = text
    }

    /// The values that the query finds, in document order.
    public func matches(in document: JSONValue) -> [Match] {
        segments.reduce([Match(pointer: JSONPointer(), value: document)]) { matches, segment in
            matches.flatMap { match in
                (segment.isDescendant ? match.descendants : [match]).flatMap { node in
                    segment.selectors.flatMap { node.selected(by: $0) }
                }
            }
        }
    }
}

extension JSONPath.Match {
    fileprivate var children: [JSONPath.Match] {
        switch value {
        case .object(let object):
            object.members.map { JSONPath.Match(pointer: pointer.appending($0.key), value: $0.value) }
        case .array(let elements):
            elements.enumerated().map { JSONPath.Match(pointer: pointer.appending($0), value: $1) }
        default: []
        }
    }

    /// The value itself and everything in it.
    fileprivate var descendants: [JSONPath.Match] {
        [self] + children.flatMap(\.descendants)
    }

    fileprivate func selected(by selector: JSONPath.Selector) -> [JSONPath.Match] {
        switch (selector, value) {
        case (.wildcard, _): return children
        case (.name(let name), .object(let object)):
            return object[name].map { [JSONPath.Match(pointer: pointer.appending(name), value: $0)] } ?? []
        case (.index(let index), .array(let elements)):
            let position = index < 0 ? elements.count + index : index
            guard elements.indices.contains(position) else { return [] }
            return [JSONPath.Match(pointer: pointer.appending(position), value: elements[position])]
        case (.slice(let start, let end, let step), .array(let elements)):
            return Self.positions(start, end, step, count: elements.count).map { position in
                JSONPath.Match(pointer: pointer.appending(position), value: elements[position])
            }
        default: return []
        }
    }

    /// The positions of a slice (RFC 9535, section 2.3.4.2).
    private static func positions(_ start: Int?, _ end: Int?, _ step: Int, count: Int) -> [Int] {
        guard step != 0 else { return [] }
        func normalized(_ index: Int) -> Int { index < 0 ? count + index : index }
        if step > 0 {
            let lower = min(max(normalized(start ?? 0), 0), count)
            let upper = min(max(normalized(end ?? count), 0), count)
            return Array(stride(from: lower, to: upper, by: step))
        }
        let upper = min(max(normalized(start ?? count - 1), -1), count - 1)
        let lower = min(max(end.map(normalized) ?? -1, -1), count - 1)
        return Array(stride(from: upper, to: lower, by: step))
    }
}
