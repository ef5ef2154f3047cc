import JSON

/// The bytes that payloads may take, handed out in order.
struct Budget {
    /// The remaining bytes.
    private(set) var bytes: Int
    /// Whether anything was omitted.
    private(set) var hasCut = false

    /// Values up to this size are never cut: the mark would be longer than what it saves.
    private static let smallest = 200

    init(bytes: Int) {
        self.bytes = max(bytes, 0)
    }

    /// The part with its payloads cut to the remaining budget; a mark says how much is missing.
    mutating func cut(_ part: Report.Part) -> Report.Part {
        switch part {
        case .value, .text, .forms: return part
        case .object(let members):
            return .object(members.map { Report.Member(key: $0.key, value: cut($0.value), detail: $0.detail) })
        case .list(let parts): return cut(list: parts)
        case .payload(let text), .media(let text): return cut(payload: text)
        case .summary(let text):
            hasCut = true
            return cut(payload: text)
        case .entries(let list): return cut(list)
        }
    }

    /// All entries in the most detail that fits, or as many names as fit.
    private mutating func cut(_ list: EntryList) -> Report.Part {
        for detail in [EntryList.Detail.full, .signatures] where list.detail.map({ $0 == detail }) ?? true {
            guard let (texts, size) = list.texts(detail, within: bytes) else { continue }
            bytes -= size
            if detail != .full { hasCut = true }
            return .list(texts.map(Report.Part.text))
        }
        hasCut = true
        let detail = list.detail ?? .names
        return cut(list: list.texts(detail).map(Report.Part.payload))
    }

    /// As many whole entries as fit, and at least the beginning of the first.
    private mutating func cut(list parts: [Report.Part]) -> Report.Part {
        var kept: [Report.Part] = []
        for part in parts {
            let size = part.size
            guard size <= max(bytes, kept.isEmpty ? Self.smallest : 0) else {
                if kept.isEmpty { kept.append(cut(part)) }
                let left = parts.count - kept.count
                if left > 0 { kept.append(.value(["omitted": .string("\(left) of \(parts.count)")])) }
                (bytes, hasCut) = (0, true)
                break
            }
            bytes = max(bytes - size - 1, 0)
            kept.append(part)
        }
        return .list(kept)
    }

    private mutating func cut(payload text: JSONText) -> Report.Part {
        let size = text.bytes.count
        if size <= max(bytes, Self.smallest) {
            bytes = max(bytes - size, 0)
            return .payload(text)
        }
        switch text.kind {
        case .array: return cut(list: (text.elements ?? []).map(Report.Part.payload))
        case .object:
            // Small members first, so that a long one does not hide them.
            let members = text.members ?? []
            let small = members.reduce(2) {
                $0 + ($1.text.bytes.count <= Self.smallest ? $1.text.bytes.count + $1.key.utf8.count + 4 : 0)
            }
            bytes = max(bytes - small, 0)
            return .object(
                members.map { member in
                    let isSmall = member.text.bytes.count <= Self.smallest
                    return Report.Member(
                        key: member.key,
                        value: isSmall ? .payload(member.text) : cut(payload: member.text)
                    )
                }
            )
        case .string:
            hasCut = true
            let kept = text.stringPrefix(bytes: max(bytes, Self.smallest / 2)) ?? ""
            bytes = 0
            return .value(
                .string("\(kept)… [\(size - 2 - min(kept.utf8.count, size - 2)) of \(size - 2) bytes omitted]")
            )
        case .null, .bool, .number: return .payload(text)
        }
    }
}

extension Report.Part {
    /// The size in bytes.
    var size: Int {
        switch self {
        case .value(let value): JSONText(value).bytes.count
        case .text(let text), .payload(let text), .media(let text), .summary(let text): text.bytes.count
        case .forms(_, let text): text.bytes.count
        case .object(let members): members.reduce(2) { $0 + $1.key.utf8.count + 4 + $1.value.size }
        case .list(let parts): parts.reduce(2) { $0 + 1 + $1.size }
        case .entries(let list): list.entries.reduce(2) { $0 + 1 + $1.full.bytes.count }
        }
    }

    /// The size in bytes of what is never cut.
    var fixedSize: Int {
        switch self {
        case .value, .text, .forms: size
        case .payload, .media, .summary, .entries, .list: 2
        case .object(let members): members.reduce(2) { $0 + $1.key.utf8.count + 4 + $1.value.fixedSize }
        }
    }
}
