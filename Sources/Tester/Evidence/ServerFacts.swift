import JSON

extension Report.Member {
    /// What is known about a server; the text has what happened to it, and not what describes it.
    static func server(_ facts: JSONObject) -> Report.Member {
        let members = facts.members.map { fact in
            let isFull = identity.contains(fact.key) || fact.value.array?.isEmpty == true
            return Report.Member(
                key: fact.key,
                value: .payload(JSONText(fact.value)),
                detail: isFull ? .full : .standard
            )
        }
        let isEmpty = members.allSatisfy { $0.detail == .full }
        return .init(key: "server", value: .object(members), detail: isEmpty ? .full : .standard)
    }

    private static let identity: Set<String> = ["command", "args", "pid", "cwd", "env_names", "interpreter"]
}
