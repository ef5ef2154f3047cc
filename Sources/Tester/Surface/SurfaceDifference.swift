import JSON
import MCP
import MCPClient

/// The difference between what a server offered before and what it offers now, each change with its meaning for clients.
struct SurfaceDifference {
    /// The changes: breaking ones first.
    private(set) var changes: [SurfaceChange] = []
    /// The kinds that could not be compared, with the reasons.
    private(set) var uncompared: [(kind: String, reason: String)] = []

    init(from old: SurfaceSnapshot, to new: SurfaceSnapshot) {
        compareGreetings(old, new)
        for kind in ListKind.allCases {
            guard let was = old.lists[kind], let now = new.lists[kind] else {
                let reason =
                    old.missing[kind].map { "before: \($0)" } ?? new.missing[kind].map { "after: \($0)" } ?? ""
                uncompared.append((kind.key, reason))
                continue
            }
            compare(was, now, kind)
        }
        compareSkills(old.skills, new.skills)
        changes = changes.filter(\.judgement.isBreaking) + changes.filter { !$0.judgement.isBreaking }
    }

    var breakingCount: Int { changes.count(where: \.judgement.isBreaking) }

    /// The difference for a verdict.
    var summary: String {
        guard let first = changes.first else {
            if uncompared.isEmpty { return "nothing that it offers has changed" }
            let kinds = uncompared.map { $0.kind.replacing("_", with: " ") }.joined(separator: ", ")
            return "no change found, but these could not be compared: \(kinds)"
        }
        let count = changes.count == 1 ? "1 change" : "\(changes.count) changes"
        return "\(count), \(breakingCount) breaking: \(first.phrase)" + (changes.count > 1 ? ", …" : "")
    }

    var part: Report.Part {
        var members: [Report.Member] = [
            .init(key: "breaking", value: .value(JSONValue(breakingCount))),
            .init(key: "compatible", value: .value(JSONValue(changes.count - breakingCount))),
            .init(key: "changes", value: .list(changes.map(\.part))),
        ]
        if !uncompared.isEmpty {
            let reasons = JSONObject(uncompared.map { .init(key: $0.kind, value: .string($0.reason)) })
            members.append(.init(key: "not_compared", value: .value(.object(reasons))))
        }
        return .object(members)
    }

    // MARK: - How the server introduces itself

    private mutating func compareGreetings(_ old: SurfaceSnapshot, _ new: SurfaceSnapshot) {
        if old.revision != new.revision {
            let judgement: SurfaceChange.Judgement =
                new.revision < old.revision
                ? .breaking("clients that require \(old.revision.wireName) cannot connect")
                : .compatible("a newer revision was agreed on")
            add("protocol_version", nil, .string(old.revision.wireName), .string(new.revision.wireName), judgement)
        }
        for change in FieldDifference.between(old.member("capabilities") ?? [:], new.member("capabilities") ?? [:]) {
            // A container without members names nothing that a client could use.
            let isEmpty = change.before == [:] && ["experimental", "extensions"].contains(change.path.last)
            let isLost = (change.after == nil || change.after == false) && !isEmpty
            let path = change.path.joined(separator: ".")
            add(
                "capability",
                path,
                change.before,
                change.after,
                isLost
                    ? .breaking("clients rely on what is declared")
                    : .compatible(isEmpty && change.after == nil ? "it was empty" : "the server declares more")
            )
        }
        add("instructions", nil, old.member("instructions"), new.member("instructions"), .cosmetic("for models only"))
        add("server_info", nil, old.serverInfo, new.serverInfo, .cosmetic("identifies the server only"))
    }

    private mutating func add(
        _ subject: String,
        _ name: String?,
        _ before: JSONValue?,
        _ after: JSONValue?,
        _ judgement: SurfaceChange.Judgement
    ) {
        guard before != after else { return }
        let action = FieldDifference(path: [], before: before, after: after).action
        changes.append(
            SurfaceChange(
                subject: subject,
                name: name,
                action: action,
                judgement: judgement,
                before: before,
                after: after
            )
        )
    }

    // MARK: - Skills

    private mutating func compareSkills(_ old: [String: JSONValue]?, _ new: [String: JSONValue]?) {
        guard let old, let new else { return }
        for uri in Set(old.keys).union(new.keys).sorted() {
            let (was, now) = (old[uri], new[uri])
            guard was != now else { continue }
            add(
                "skill",
                uri,
                was,
                now,
                now == nil
                    ? .breaking("clients that use it fail")
                    : was == nil ? .compatible("new") : .compatible("its files or its frontmatter changed")
            )
        }
    }

    // MARK: - Lists

    private mutating func compare(_ old: Surface, _ new: Surface, _ kind: ListKind) {
        let difference = ListDifference(from: old, to: new)
        for name in difference.removed { add(kind, name, .removed, .breaking("clients that use it fail")) }
        for name in difference.added { add(kind, name, .added, .compatible("new")) }
        for name in difference.changed {
            guard let was = old.item(name)?.value(), let now = new.item(name)?.value() else { continue }
            let fields = FieldDifference.between(Self.comparable(was, kind), Self.comparable(now, kind))
            let added = Set(fields.filter { $0.action == .added }.map(\.path))
            for change in fields where !change.isImplied(by: added) {
                changes.append(
                    SurfaceChange(
                        subject: kind.noun,
                        name: name,
                        field: JSONPointer(change.path).description,
                        action: change.action,
                        judgement: kind.judge(change, in: now),
                        before: change.before,
                        after: change.after
                    )
                )
            }
        }
    }

    private mutating func add(
        _ kind: ListKind,
        _ name: String,
        _ action: SurfaceChange.Action,
        _ judgement: SurfaceChange.Judgement
    ) {
        changes.append(SurfaceChange(subject: kind.noun, name: name, action: action, judgement: judgement))
    }

    /// The arguments of a prompt by their names, because their order means nothing.
    private static func comparable(_ item: JSONValue, _ kind: ListKind) -> JSONValue {
        guard kind == .prompts, var object = item.object, let arguments = object["arguments"]?.array else {
            return item
        }
        object["arguments"] = .object(
            JSONObject(arguments.compactMap { value in value["name"]?.string.map { .init(key: $0, value: value) } })
        )
        return .object(object)
    }
}

extension SurfaceSnapshot {
    /// The server's name and version, in either era.
    var serverInfo: JSONValue? {
        member("serverInfo") ?? member("_meta")?[MetaKey.serverInfo.rawValue]
    }
}

extension ListKind {
    /// What the change of a field means for clients.
    ///
    /// - Parameter item: The item after the change.
    fileprivate func judge(_ change: FieldDifference, in item: JSONValue) -> SurfaceChange.Judgement {
        let inner = FieldDifference(path: Array(change.path.dropFirst()), before: change.before, after: change.after)
        switch (self, change.path.first) {
        case (.tools, "inputSchema") where inner.path.isEmpty: return .breaking("the whole input schema changed")
        case (.tools, "inputSchema"): return SchemaJudgement(use: .input, schema: item["inputSchema"]).judge(inner)
        case (.tools, "outputSchema") where inner.path.isEmpty:
            return change.before == nil
                ? .compatible("results are now described") : .breaking("clients rely on the described results")
        case (.tools, "outputSchema"): return SchemaJudgement(use: .output, schema: item["outputSchema"]).judge(inner)
        case (.tools, "annotations"): return .compatible("hosts may treat the tool differently")
        case (.tools, "execution"):
            return change.after == "required"
                ? .breaking("the tool can be called only as a task")
                : .compatible("the tool supports tasks differently")
        case (.resources, "mimeType"), (.resourceTemplates, "mimeType"):
            return .breaking("clients choose by the type how to read the content")
        case (.prompts, "arguments"): return judge(argument: change)
        default: return .cosmetic("documentation only")
        }
    }

    private func judge(argument change: FieldDifference) -> SurfaceChange.Judgement {
        let name = change.path.count > 1 ? change.path[1] : ""
        switch (change.path.count, change.path.last, change.action) {
        case (1, _, .removed): return .breaking("callers may still send arguments")
        case (2, _, .removed): return .breaking("callers may still send it")
        case (2, _, .added):
            return change.after?["required"] == true
                ? .breaking("callers must now send it") : .compatible("callers need not send it")
        case (3, "required", _):
            return change.after == true
                ? .breaking("callers must now send `\(name)`") : .compatible("callers need not send `\(name)` any more")
        default: return .cosmetic("documentation only")
        }
    }
}
