import JSON
import MCPClient
import MCPHTTPClient
import Tester

/// The arguments of a call, which match the tool's schema unless ``fault`` says otherwise.
struct ToolInput: Sendable {
    /// Parameters whose values may be secret, and are never shown.
    static let secretNames: Set<String> = ["auth", "env", "headers", "llm_config", "other_token"]

    /// Why the arguments are invalid, if they are.
    var fault: Failure?

    /// The arguments as received, or converted.
    ///
    /// Of several with one name the last counts.
    private var arguments: [(key: String, text: JSONText)]
    /// The names of arguments that were converted, with their new types.
    private var conversions: [String] = []

    init(_ text: JSONText) {
        arguments = text.members ?? []
    }

    /// The names and values of all arguments.
    var members: [(key: String, text: JSONText)] { arguments }

    /// All arguments as a value.
    var all: JSONValue {
        .object(JSONObject(arguments.map { .init(key: $0.key, value: $0.text.value()) }))
    }

    /// The finding about converted arguments.
    var findings: [Finding] {
        guard !conversions.isEmpty else { return [] }
        return [
            Finding(
                .usage,
                "Arguments were converted from strings: \(conversions.joined(separator: ", ")).",
                nextStep: "Next time, pass them as JSON values."
            )
        ]
    }

    // MARK: - Converting

    /// Removes arguments that are null, which count as omitted.
    mutating func removeNulls(except required: Set<String>) {
        arguments.removeAll { $0.text.kind == .null && !required.contains($0.key) }
    }

    /// Replaces a string by the value that it holds as JSON, which is kept as it was given.
    mutating func replace(_ name: String, by text: JSONText) {
        guard let index = arguments.lastIndex(where: { $0.key == name }) else { return }
        arguments[index].text = text
        conversions.append("`\(name)` (now \(text.kind.withArticle))")
    }

    /// Replaces numbers and booleans in an object of strings by their text.
    mutating func convertScalars(in name: String) {
        guard let index = arguments.lastIndex(where: { $0.key == name }), let members = arguments[index].text.members,
            members.contains(where: { $0.text.kind == .number || $0.text.kind == .bool })
        else { return }
        let converted = members.map { member in
            let isScalar = member.text.kind == .number || member.text.kind == .bool
            return JSONObject.Member(
                key: member.key,
                value: isScalar ? .string(member.text.description) : member.text.value()
            )
        }
        arguments[index].text = JSONText(.object(JSONObject(converted)))
    }

    /// Why a value cannot be an environment variable or a header; the message names it without its value.
    var secretFault: Failure? {
        for name in ["env", "headers"] {
            for (key, value) in text(name)?.members?.map({ ($0.key, $0.text.string ?? "") }) ?? [] {
                let forbidden: [Unicode.Scalar] = name == "env" ? ["\0"] : ["\0", "\r", "\n"]
                guard value.unicodeScalars.contains(where: forbidden.contains) else { continue }
                let character = value.unicodeScalars.contains("\0") ? "a NUL character" : "a line break"
                return .usage(
                    "`\(name)`: the value of \(JSONValue.string(key)) contains \(character).",
                    nextStep: "Remove the character from the value."
                )
            }
        }
        return nil
    }

    // MARK: - Reading

    /// The value with a name exactly as received; `nil` if it is omitted or null.
    func text(_ name: String) -> JSONText? {
        guard let text = arguments.last(where: { $0.key == name })?.text, text.kind != .null else { return nil }
        return text
    }

    /// The string with a name; `nil` if it is omitted or null.
    func string(_ name: String) -> String? {
        text(name)?.string
    }

    /// The strings with a name.
    func strings(_ name: String) -> [String] {
        text(name)?.elements?.compactMap(\.string) ?? []
    }

    /// The named strings with a name.
    func variables(_ name: String) -> [String: String] {
        let members = text(name)?.members ?? []
        return Dictionary(members.compactMap { member in member.text.string.map { (member.key, $0) } }) { $1 }
    }

    /// The object with a name.
    func object(_ name: String) -> JSONObject? {
        value(name)?.object
    }

    /// The HTTP fields with a name, in order.
    func fields(_ name: String) -> [HTTPField] {
        (text(name)?.members ?? []).compactMap { member in member.text.string.map { HTTPField(member.key, $0) } }
    }

    /// The value with a name; `nil` if it is omitted or null.
    func value(_ name: String) -> JSONValue? {
        text(name)?.value()
    }

    func int(_ name: String) -> Int? {
        value(name)?.int
    }

    func number(_ name: String) -> JSONNumber? {
        text(name)?.number
    }

    func bool(_ name: String) -> Bool {
        text(name)?.bool ?? false
    }

    /// The truth value with a name; `nil` if it is omitted or null.
    func optionalBool(_ name: String) -> Bool? {
        text(name)?.bool
    }

    /// Whether a new connection belongs to the principal instead of the session.
    var outlivesSession: Bool { bool("outlives_session") }

    /// What is given as the server to connect to, valid or not.
    var givenTarget: String? { ["url", "command", "server"].lazy.compactMap { string($0) }.first }

    func isGiven(_ name: String) -> Bool {
        text(name) != nil
    }

    /// The options of a call of a target.
    ///
    /// - Throws: ``Failure`` of the class `usage` if a prepared answer is invalid.
    func callOptions(_ host: HostChannel) throws(Failure) -> CallOptions {
        var plan = InputPlan()
        for (index, value) in (text("answers")?.elements ?? []).enumerated() {
            plan.answers.append(try PreparedAnswer(value.value().object ?? [:], place: index + 1))
        }
        return CallOptions(
            on: string("connection_name"),
            limits: limits,
            headers: fields("headers"),
            input: plan,
            relay: host
        )
    }

    /// The limits for a given timeout; `nil` without one.
    var limits: ConnectionLimits? {
        guard let seconds = number("timeout")?.double else { return nil }
        let duration = Duration.seconds(seconds)
        return ConnectionLimits(request: duration, idle: duration)
    }

    /// Which entries of a list the caller wants to see.
    var listOptions: ListOptions {
        ListOptions(filter: string("filter"), detail: string("detail").flatMap(EntryList.Detail.init(rawValue:)))
    }

    /// How much of the report the caller wants to see.
    func view(_ standard: ReportView) -> ReportView {
        var view = standard
        if let isVerbose = optionalBool("verbose") { view.isVerbose = isVerbose }
        if let tokens = int("max_tokens") { view.tokens = max(tokens, 0) }
        return view
    }
}

extension JSONText.Kind {
    /// The name of the kind, as in "an object".
    fileprivate var withArticle: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
