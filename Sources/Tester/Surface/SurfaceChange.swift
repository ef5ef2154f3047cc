import JSON

/// How much a change of what a server offers matters to its clients.
public enum ChangeWeight: String, Sendable, CaseIterable {
    /// Only texts for people and models changed.
    case cosmetic
    /// Clients that worked before go on working.
    case compatible
    /// Clients that worked before may fail.
    case breaking
}

/// One difference between what a server offered before and what it offers now.
struct SurfaceChange {
    /// What happened.
    enum Action: String {
        case added
        case removed
        case changed
    }

    /// What changed: `tool`, `resource`, `resource template`, `prompt`, `capability`, `instructions` and so on.
    var subject: String
    /// The name or URI of the item; `nil` for what exists once.
    var name: String?
    /// The place in the item as a JSON Pointer; `nil` for the whole item.
    var field: String?
    var action: Action
    /// Whether a client that worked before may fail now, and why.
    var judgement: Judgement
    var before: JSONValue?
    var after: JSONValue?

    /// What a change means for a client that worked before.
    struct Judgement: Equatable {
        var weight: ChangeWeight
        /// The reason, as a clause.
        var reason: String

        var isBreaking: Bool { weight == .breaking }

        static func breaking(_ reason: String) -> Judgement { Judgement(weight: .breaking, reason: reason) }
        static func compatible(_ reason: String) -> Judgement { Judgement(weight: .compatible, reason: reason) }
        static func cosmetic(_ reason: String) -> Judgement { Judgement(weight: .cosmetic, reason: reason) }
    }

    /// The change in a few words, such as ``tool "add": argument `c` removed: callers may still send it``.
    var phrase: String {
        let what = SurfacePlace(subject, name: name, field: field).text(action.rawValue)
        return field == nil ? what : "\(what): \(judgement.reason)"
    }

    var part: Report.Part {
        var members: [Report.Member] = [.init(key: "item", value: .value(.string(subject)))]
        if let name { members.append(.init(key: "name", value: .value(.string(name)))) }
        members.append(.init(key: "change", value: .value(.string(action.rawValue))))
        if let field { members.append(.init(key: "field", value: .value(.string(field)))) }
        members.append(.init(key: "breaking", value: .value(.bool(judgement.isBreaking))))
        members.append(.init(key: "weight", value: .value(.string(judgement.weight.rawValue)), detail: .full))
        members.append(.init(key: "why", value: .value(.string(judgement.reason))))
        if let before { members.append(.init(key: "before", value: .payload(JSONText(before)))) }
        if let after { members.append(.init(key: "after", value: .payload(JSONText(after)))) }
        return .object(members)
    }
}
