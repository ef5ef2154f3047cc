public import JSON

extension Report {
    /// The whole object.
    public var structured: JSONText {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        for part in parts { writer.write(part) }
        writer.endObject()
        return JSONText(written: &writer)
    }

    /// The object for a reader with limited room: payloads beyond the budget are cut and marked.
    ///
    /// - Parameter structured: The whole object, which is returned if it fits.
    public func budgeted(_ budget: Budget, structured: JSONText) -> JSONText {
        guard structured.bytes.count > budget.bytes else { return structured }
        var left = budget
        let members = parts.map { Member(key: $0.key, value: left.cut($0.value)) }
        var writer = JSONWriter(capacity: 2 * budget.bytes)
        writer.beginObject()
        for member in members { writer.write(member) }
        writer.endObject()
        return JSONText(written: &writer)
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ member: Report.Member) {
        key(member.key)
        write(member.value)
    }

    fileprivate mutating func write(_ part: Report.Part) {
        switch part {
        case .value(let value): write(value)
        case .text(let text), .payload(let text): write(text)
        case .object(let members):
            beginObject()
            for member in members { write(member) }
            endObject()
        case .list(let parts):
            beginArray()
            for part in parts { write(part) }
            endArray()
        }
    }
}
