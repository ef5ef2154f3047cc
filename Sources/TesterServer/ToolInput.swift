import JSON
import MCPClient
import MCPHTTPClient
import Tester

/// The arguments of a call, which match the tool's schema unless ``fault`` says otherwise.
struct ToolInput: Sendable {
    /// Parameters whose values may be secret, and are never shown.
    static let secretNames: Set<String> = ["auth", "env", "headers"]

    /// Why the arguments are invalid, if they are.
    var fault: Failure?

    private var object: JSONObject
    private let text: JSONText
    /// The names of arguments that were converted, with their new types.
    private var conversions: [String] = []
    private var convertedTexts: [String: JSONText] = [:]

    init(_ object: JSONObject, text: JSONText) {
        self.object = object
        self.text = text
    }

    /// All arguments.
    var all: JSONValue { .object(object) }

    /// The finding about converted arguments.
    var findings: [Finding] {
        guard !conversions.isEmpty else { return [] }
        return [Finding(.usage, "Arguments were converted from strings: \(conversions.joined(separator: ", ")).")]
    }

    // MARK: - Converting

    /// Replaces a string by the value that it holds as JSON.
    mutating func replace(_ name: String, by value: JSONValue) {
        if case .string(let string)? = object[name], value.object != nil {
            // The arguments of a call are sent as they were given.
            do throws(JSONError) {
                convertedTexts[name] = try JSONText(Array(string.utf8))
            } catch {
                return
            }
        }
        object[name] = value
        let type =
            switch value {
            case .bool: "boolean"
            case .number: "number"
            case .array: "array"
            default: "object"
            }
        conversions.append("`\(name)` (now \(type == "array" || type == "object" ? "an" : "a") \(type))")
    }

    /// Replaces numbers and booleans in an object of strings by their text.
    mutating func convertScalars(in name: String) {
        guard let members = object[name]?.object?.members else { return }
        object[name] = .object(
            JSONObject(
                members.map { member in
                    switch member.value {
                    case .number, .bool: .init(key: member.key, value: .string(member.value.description))
                    default: member
                    }
                }
            )
        )
    }

    /// Why a value cannot be an environment variable or a header; the message names it without its value.
    var secretFault: Failure? {
        for name in ["env", "headers"] {
            for (key, value) in object[name]?.object?.members.map({ ($0.key, $0.value.string ?? "") }) ?? [] {
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

    /// The string with a name; `nil` if it is omitted or null.
    func string(_ name: String) -> String? {
        object[name]?.string
    }

    /// The strings with a name.
    func strings(_ name: String) -> [String] {
        object[name]?.array?.compactMap(\.string) ?? []
    }

    /// The named strings with a name.
    func variables(_ name: String) -> [String: String] {
        let members = object[name]?.object?.members ?? []
        return Dictionary(members.compactMap { member in member.value.string.map { (member.key, $0) } }) { $1 }
    }

    /// The object with a name.
    func object(_ name: String) -> JSONObject? {
        object[name]?.object
    }

    /// The HTTP fields with a name, in order.
    func fields(_ name: String) -> [HTTPField] {
        (object[name]?.object?.members ?? []).compactMap { member in
            member.value.string.map { HTTPField(member.key, $0) }
        }
    }

    /// The value with a name; `nil` if it is omitted or null.
    func value(_ name: String) -> JSONValue? {
        object[name].flatMap { $0.isNull ? nil : $0 }
    }

    func int(_ name: String) -> Int? {
        object[name]?.int
    }

    func number(_ name: String) -> JSONNumber? {
        object[name]?.number
    }

    func bool(_ name: String) -> Bool {
        object[name]?.bool ?? false
    }

    /// Whether a new connection belongs to the principal instead of the session.
    var outlivesSession: Bool { bool("outlives_session") }

    func isGiven(_ name: String) -> Bool {
        object[name].map { !$0.isNull } ?? false
    }

    /// The value with a name exactly as received; `nil` if it is omitted or null.
    func asReceived(_ name: StaticString) -> JSONText? {
        if let converted = convertedTexts["\(name)"] { return converted }
        guard let value = text[name], value.kind != .null else { return nil }
        return value
    }

    /// The options of a call of a target.
    ///
    /// - Throws: ``Failure`` of the class `usage` if a prepared answer is invalid.
    func callOptions(_ host: HostChannel) throws(Failure) -> CallOptions {
        var plan = InputPlan()
        for (index, value) in (object["answers"]?.array ?? []).enumerated() {
            plan.answers.append(try PreparedAnswer(value.object ?? [:], place: index + 1))
        }
        return CallOptions(
            on: string("connection_name"),
            limits: limits,
            headers: fields("headers"),
            input: plan,
            relay: host.relay
        )
    }

    /// The limits for a given timeout; `nil` without one.
    var limits: ConnectionLimits? {
        guard let seconds = number("timeout")?.double else { return nil }
        let duration = Duration.seconds(seconds)
        return ConnectionLimits(request: duration, idle: duration)
    }
}
