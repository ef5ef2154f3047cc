public import JSON

/// A report as a host receives it.
public struct RenderedReport: Sendable {
    /// What a model reads: the object within the budget of the reader.
    public var text: JSONText
    /// What a program reads: the whole object, unless it is very large.
    public var structured: JSONText
}

extension Report {
    /// The whole object.
    public var structured: JSONText {
        var writer = JSONWriter(capacity: 1024)
        writer.beginReport(verdict, isSuccess)
        forEachPart { writer.write($0) }
        writer.endObject()
        return JSONText(written: &writer)
    }

    /// The report for a reader with limited room.
    ///
    /// - Parameters:
    ///   - view: How much the reader wants.
    ///   - keep: Keeps the whole object if something was omitted, and returns the handle by which it can be read.
    public func rendered(_ view: ReportView, keep: (JSONText) -> String) -> RenderedReport {
        let detail = view.detail
        let (verdict, isSuccess) = (verdict, isSuccess)
        var isPlain = true
        var text = JSONText(.null)
        let whole = JSONText(capacity: 1024) { whole in
            whole.beginReport(verdict, isSuccess)
            text = JSONText(capacity: 768) { text in
                text.beginReport(verdict, isSuccess)
                forEachPart { member in
                    whole.write(member)
                    if detail < .full, member.detail <= detail { text.write(member, detail) }
                    isPlain = isPlain && member.value.isPlain
                }
                text.endObject()
            }
            whole.endObject()
        }
        if detail == .full { text = whole }
        let fits = isPlain && text.bytes.count <= view.textBytes
        if fits, whole.bytes.count <= view.structuredBytes ?? .max {
            return RenderedReport(text: text, structured: whole)
        }
        return cut(whole, fits ? text : nil, view, verdict, keep)
    }

    /// The report without the parts that do not fit.
    private func cut(
        _ whole: JSONText,
        _ text: JSONText?,
        _ view: ReportView,
        _ verdict: String,
        _ keep: (JSONText) -> String
    ) -> RenderedReport {
        var handle: String?
        func more() -> Member {
            let known = handle ?? keep(whole)
            handle = known
            let sentence = view.wording.apply("read_result with handle \(known) has the rest.")
            return Member(key: "more", value: .value(.string(sentence)))
        }
        let text = text ?? cut(to: view.textBytes, view.detail, verdict, more)
        var structured = whole
        if let limit = view.structuredBytes, whole.bytes.count > limit {
            structured = cut(to: limit, .full, verdict, more)
        }
        return RenderedReport(text: text, structured: structured)
    }

    /// The same, with payloads cut so that it fits if that is possible.
    private func cut(to bytes: Int, _ detail: Detail, _ verdict: String, _ more: () -> Member) -> JSONText {
        var members: [Member] = []
        forEachPart { if $0.detail <= detail { members.append($0.shown(detail)) } }
        let fixed = members.reduce(220 + verdict.utf8.count) { $0 + $1.value.fixedSize + $1.key.utf8.count + 4 }
        let text = cut(members, to: bytes - fixed, verdict, more)
        // Each payload keeps its beginning, even if the ones before it have used everything.
        let excess = text.bytes.count - bytes
        // A time may have more digits than the one before.
        return excess > 0 ? cut(members, to: bytes - fixed - excess - 8, verdict, more) : text
    }

    private func cut(_ whole: [Member], to bytes: Int, _ verdict: String, _ more: () -> Member) -> JSONText {
        var budget = Budget(bytes: bytes)
        var members = whole.map { Member(key: $0.key, value: budget.cut($0.value), detail: $0.detail) }
        if budget.hasCut {
            let more = more()
            // The marks may take more than they save.
            if members.size + more.size >= whole.size, whole.allSatisfy(\.value.isComplete) {
                members = whole
            } else {
                members.append(more)
            }
        }
        var writer = JSONWriter(capacity: 2 * max(bytes, 512))
        writer.beginReport(verdict, isSuccess)
        for member in members { writer.write(member) }
        writer.endObject()
        return JSONText(written: &writer)
    }
}

extension Report.Member {
    /// The member with only what is shown at a level of detail.
    func shown(_ detail: Report.Detail) -> Report.Member {
        guard detail < .full else { return self }
        var shown = self
        switch value {
        case .object(let members):
            // What belongs to a shown member is shown with it, unless it is said to be of less use.
            shown.value = .object(
                members.filter { $0.detail < .full && textKeys?.contains($0.key) ?? true }.map { $0.shown(detail) }
            )
        case .value(.object(let object)):
            if let textKeys {
                shown.value = .value(.object(JSONObject(object.members.filter { textKeys.contains($0.key) })))
            }
        case .list(let parts):
            shown.value = .list(parts.map { Report.Member(key: "", value: $0).shown(detail).value })
        case .forms(let text, _): shown.value = text.bytes.count > Budget.largestFixed ? .payload(text) : .text(text)
        case .media(let text): shown.value = MediaSummary.replacing(text).map(Report.Part.summary) ?? .payload(text)
        case .value, .text, .payload, .entries, .summary: break
        }
        return shown
    }
}

extension Report.Member {
    fileprivate var size: Int { key.utf8.count + 4 + value.size }
}

extension [Report.Member] {
    fileprivate var size: Int { reduce(0) { $0 + $1.size } }
}

extension Report.Part {
    /// Whether nothing has been taken out of it for the text.
    fileprivate var isComplete: Bool {
        switch self {
        case .summary: false
        case .object(let members): members.allSatisfy(\.value.isComplete)
        case .list(let parts): parts.allSatisfy(\.isComplete)
        case .value, .text, .payload, .forms, .media, .entries: isPlain
        }
    }

    /// Whether the text shows it as it is if it fits.
    fileprivate var isPlain: Bool {
        switch self {
        case .value, .text, .payload, .forms, .summary: true
        case .media: false
        case .entries(let list): list.detail.map { $0 == .full } ?? true
        case .object(let members): members.allSatisfy(\.value.isPlain)
        case .list(let parts): parts.allSatisfy(\.isPlain)
        }
    }
}

extension JSONWriter {
    /// Writes what every report begins with.
    fileprivate mutating func beginReport(_ verdict: String, _ isSuccess: Bool) {
        beginObject()
        key("verdict")
        write(verdict)
        key("success")
        write(isSuccess)
    }

    /// Writes a member with everything.
    mutating func write(_ member: Report.Member) {
        key(member.key)
        write(member.value)
    }

    private mutating func write(_ part: Report.Part) {
        switch part {
        case .value(let value): write(value)
        case .text(let text), .payload(let text), .media(let text), .summary(let text): write(text)
        case .forms(_, let text): write(written: text)
        case .object(let members):
            beginObject()
            for member in members { write(member) }
            endObject()
        case .list(let parts):
            beginArray()
            for part in parts { write(part) }
            endArray()
        case .entries(let list):
            beginArray()
            for entry in list.entries { write(entry.full) }
            endArray()
        }
    }

    /// Writes a member with what is shown at a level of detail.
    fileprivate mutating func write(_ member: Report.Member, _ detail: Report.Detail) {
        switch member.value {
        case .forms(let text, _):
            key(member.key)
            write(written: text)
        case .value(.object) where member.textKeys == nil: write(member)
        case .value(.object), .object, .list: write(member.shown(detail))
        case .value, .text, .payload, .media, .summary, .entries: write(member)
        }
    }
}
