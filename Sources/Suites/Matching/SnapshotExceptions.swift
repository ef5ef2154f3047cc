import JSON

extension JSONValue {
    /// A result without the values at some places.
    ///
    /// Where the text of a result is JSON, it counts as the structured content that it usually repeats.
    func omitting(_ paths: [SuitePath]) -> JSONValue {
        guard !paths.isEmpty else { return self }
        let value = paths.flatMap { $0.pointers(in: self) }.reduce(self) { $0.removing($1.tokens[...]) }
        guard var object = value.object, let blocks = object["content"]?.array else { return value }
        object["content"] = .array(blocks.map { $0.omittingFromText(paths) })
        return .object(object)
    }

    private func omittingFromText(_ paths: [SuitePath]) -> JSONValue {
        guard var block = object, let text = block["text"]?.string, text.hasPrefix("{") || text.hasPrefix("[") else {
            return self
        }
        do throws(JSONError) {
            let result: JSONValue = ["structuredContent": try JSONValue(parsing: text)]
            let other = result.omitting(paths)
            if other != result { block["text"] = .string(other["structuredContent"]?.description ?? "") }
        } catch {
            return self
        }
        return .object(block)
    }

    /// The value without what is at a place; an element of an array becomes null, so that the others keep their places.
    private func removing(_ tokens: ArraySlice<String>) -> JSONValue {
        guard let token = tokens.first else { return .null }
        let rest = tokens.dropFirst()
        switch self {
        case .object(var object):
            object[token] = rest.isEmpty ? nil : object[token]?.removing(rest)
            return .object(object)
        case .array(var elements):
            guard let index = Int(token), elements.indices.contains(index) else { return self }
            elements[index] = elements[index].removing(rest)
            return .array(elements)
        default: return self
        }
    }
}

extension SuitePath {
    /// The places in a document that the path names.
    fileprivate func pointers(in document: JSONValue) -> [JSONPointer] {
        switch self {
        case .pointer(let pointer): document[pointer] == nil ? [] : [pointer]
        case .query(let query): query.matches(in: document).map(\.pointer)
        }
    }
}
