import JSON

/// The bytes that payloads may take, handed out in order.
struct Budget {
    /// The remaining bytes.
    private(set) var bytes: Int
    /// Whether anything was omitted.
    private(set) var hasCut = false

    /// Values up to this size are never cut: the mark would be longer than what it saves.
    private static let smallest = 200
    /// Up to this size, in bytes, what is ours is never cut; what is larger has come from somewhere else.
    static let largestFixed = 4 << 10

    /// The most bytes that the mark of an omission takes.
    private static let mark = 48

    /// The bytes for what is small even if the budget is used up, so that a reader sees what there is.
    private var reserve = 10 * smallest

    init(bytes: Int) {
        self.bytes = max(bytes, 0)
    }

    /// The part with its payloads cut to the remaining budget; a mark says how much is missing.
    mutating func cut(_ part: Report.Part) -> Report.Part {
        switch part {
        case .value(let value) where part.isLarge: return cut(payload: JSONText(value))
        case .forms(_, let text) where part.isLarge: return cut(payload: text)
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
        return cut(listOf: list.entries.count) { .payload(list.text(of: list.entries[$0], detail)) }
    }

    /// Takes bytes from the budget, then from the reserve.
    ///
    /// - Returns: Whether there are as many.
    private mutating func take(_ size: Int) -> Bool {
        guard size <= bytes + reserve else { return false }
        reserve -= max(size - bytes, 0)
        bytes = max(bytes - size, 0)
        return true
    }

    /// As many whole entries as fit, and at least the beginning of the first.
    private mutating func cut(list parts: [Report.Part]) -> Report.Part {
        cut(listOf: parts.count) { parts[$0] }
    }

    /// The same of entries that are made one by one, because of thousands only few fit.
    private mutating func cut(listOf count: Int, _ entry: (Int) -> Report.Part) -> Report.Part {
        var kept: [Report.Part] = []
        for index in 0..<count {
            let part = entry(index)
            let size = part.size
            let isFirst = kept.isEmpty && size <= Self.smallest && take(size)
            guard isFirst || size <= bytes else {
                if kept.isEmpty, size > Self.smallest, take(Self.mark) { kept.append(cut(part)) }
                let left = count - kept.count
                if left > 0 { kept.append(.value(["omitted": .string("\(left) of \(count)")])) }
                (bytes, hasCut) = (0, true)
                break
            }
            bytes = max(bytes - (isFirst ? 1 : size + 1), 0)
            kept.append(part)
        }
        return .list(kept)
    }

    private mutating func cut(payload text: JSONText) -> Report.Part {
        let size = text.bytes.count
        if size <= max(bytes, Self.smallest) {
            if !take(size) { (bytes, reserve) = (0, 0) }
            return .payload(text)
        }
        switch text.kind {
        case .array: return cut(list: (text.elements ?? []).map(Report.Part.payload))
        case .object: return cut(members: text.members ?? [])
        case .string:
            hasCut = true
            let room = max(bytes - Self.mark, min(Self.smallest / 2, reserve))
            let kept = text.stringPrefix(bytes: room) ?? ""
            reserve -= max(min(room, kept.utf8.count) - bytes, 0)
            bytes = 0
            return .value(
                .string("\(kept)… [\(size - 2 - min(kept.utf8.count, size - 2)) of \(size - 2) bytes omitted]")
            )
        case .null, .bool, .number: return .payload(text)
        }
    }

    /// The small members first, so that a long one does not hide them; then the others, as far as there is room.
    private mutating func cut(members: [(key: String, text: JSONText)]) -> Report.Part {
        let sizes = members.map { $0.text.bytes.count + $0.key.utf8.count + 4 }
        let isSmall = members.map { $0.text.bytes.count <= Self.smallest }
        // The reserve is for a few members, not for some of thousands.
        let areFew = zip(sizes, isSmall).reduce(0) { $0 + ($1.1 ? $1.0 : 0) } <= bytes + reserve
        var kept = [Report.Part?](repeating: nil, count: members.count)
        for index in members.indices where isSmall[index] {
            if areFew || sizes[index] <= bytes, take(sizes[index]) { kept[index] = .payload(members[index].text) }
        }
        for (index, member) in members.enumerated() where !isSmall[index] {
            guard areFew, take(member.key.utf8.count + Self.mark) else { break }
            kept[index] = cut(payload: member.text)
        }
        var shown = zip(members, kept).compactMap { member, part in
            part.map { Report.Member(key: member.key, value: $0) }
        }
        let left = members.count - shown.count
        if left > 0 {
            hasCut = true
            shown.append(Report.Member(key: "…", value: .value(.string("\(left) of \(members.count) members omitted"))))
        }
        return .object(shown)
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

    /// Whether it is cut although it is not a payload.
    fileprivate var isLarge: Bool { size > Budget.largestFixed }

    /// The size in bytes of what is never cut.
    var fixedSize: Int {
        switch self {
        case .value, .forms: isLarge ? 2 : size
        case .text: size
        case .payload, .media, .summary, .entries, .list: 2
        case .object(let members): members.reduce(2) { $0 + $1.key.utf8.count + 4 + $1.value.fixedSize }
        }
    }
}
