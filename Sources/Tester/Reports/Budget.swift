import JSON

/// How much of the target's payload is shown to a reader with limited room.
public struct Budget: Sendable {
    /// The remaining bytes.
    public private(set) var bytes: Int

    /// Creates a budget; a token counts as four bytes.
    public init(tokens: Int = 6000) {
        bytes = tokens * 4
    }

    /// The part with its payloads cut to the remaining budget; a mark says how much is missing.
    mutating func cut(_ part: Report.Part) -> Report.Part {
        switch part {
        case .value, .text: return part
        case .object(let members):
            return .object(members.map { Report.Member(key: $0.key, value: cut($0.value)) })
        case .list(let parts): return cut(list: parts)
        case .payload(let text): return cut(payload: text)
        }
    }

    /// As many whole entries as fit; at least the beginning of the first.
    private mutating func cut(list parts: [Report.Part]) -> Report.Part {
        var kept: [Report.Part] = []
        for part in parts {
            let size = part.size
            guard size <= bytes else {
                if kept.isEmpty { kept.append(cut(part)) }
                let left = parts.count - kept.count
                if left > 0 { kept.append(.value(["cut": .string("\(left) of \(parts.count) entries; \(Self.rest)")])) }
                bytes = 0
                break
            }
            bytes -= size
            kept.append(part)
        }
        return .list(kept)
    }

    private mutating func cut(payload text: JSONText) -> Report.Part {
        let size = text.bytes.count
        if size <= bytes {
            bytes -= size
            return .payload(text)
        }
        defer { bytes = 0 }
        switch text.kind {
        case .array: return cut(list: (text.elements ?? []).map(Report.Part.payload))
        case .object:
            return .object((text.members ?? []).map { Report.Member(key: $0.key, value: cut(payload: $0.text)) })
        case .string:
            let kept = text.stringPrefix(bytes: bytes) ?? ""
            let count = text.bytes.count - 2
            return .value(.string("\(kept)… [cut: \(count - min(bytes, count)) of \(count) bytes; \(Self.rest)]"))
        default: return .payload(text)
        }
    }

    private static let rest = "the full value is in structuredContent"
}

extension Report.Part {
    /// The size in bytes.
    fileprivate var size: Int {
        switch self {
        case .value(let value): JSONText(value).bytes.count
        case .text(let text), .payload(let text): text.bytes.count
        case .object(let members): members.reduce(2) { $0 + $1.key.utf8.count + 4 + $1.value.size }
        case .list(let parts): parts.reduce(2) { $0 + 1 + $1.size }
        }
    }
}
