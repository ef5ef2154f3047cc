extension Redactor {
    /// A member of a report without the secrets; its key is ours and stays.
    func redact(_ member: Report.Member) -> Report.Member {
        Report.Member(key: member.key, value: redact(member.value))
    }

    private func redact(_ part: Report.Part) -> Report.Part {
        switch part {
        case .value(let value): .value(redact(value))
        case .text(let text): .text(redact(text))
        case .payload(let text): .payload(redact(text))
        case .object(let members): .object(members.map(redact))
        case .list(let parts): .list(parts.map(redact))
        }
    }
}
