extension Redactor {
    /// A member of a report without the secrets; its key is ours and stays.
    func redact(_ member: Report.Member) -> Report.Member {
        var member = member
        member.value = redact(member.value)
        return member
    }

    private func redact(_ part: Report.Part) -> Report.Part {
        switch part {
        case .value(let value): .value(redact(value))
        case .text(let text): .text(redact(text))
        case .payload(let text): .payload(redact(text))
        case .object(let members): .object(members.map(redact))
        case .list(let parts): .list(parts.map(redact))
        case .media(let text): .media(redact(text))
        case .summary(let text): .summary(redact(text))
        case .forms(let text, let structured): .forms(text: redact(text), structured: redact(structured))
        case .entries(let list): .entries(redact(list))
        }
    }

    private func redact(_ list: EntryList) -> EntryList {
        var list = list
        list.entries = list.entries.map { entry in
            EntryList.Entry(
                full: redact(entry.full),
                signature: { redact(entry.signature()) },
                name: { redact(entry.name()) }
            )
        }
        return list
    }
}
