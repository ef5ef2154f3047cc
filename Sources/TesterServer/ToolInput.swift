import JSON
import MCPClient
import MCPHTTPClient
import Tester

/// The arguments of a call, which follow the tool's schema: that was checked before.
struct ToolInput: Sendable {
    private let object: JSONObject
    private let text: JSONText

    init(_ object: JSONObject, text: JSONText) {
        self.object = object
        self.text = text
    }

    /// The string of that name; nothing if it is absent or null.
    func string(_ name: String) -> String? {
        object[name]?.string
    }

    /// The strings of that name.
    func strings(_ name: String) -> [String] {
        object[name]?.array?.compactMap(\.string) ?? []
    }

    /// The named strings of that name.
    func variables(_ name: String) -> [String: String] {
        let members = object[name]?.object?.members ?? []
        return Dictionary(members.compactMap { member in member.value.string.map { (member.key, $0) } }) { $1 }
    }

    /// The object of that name.
    func object(_ name: String) -> JSONObject? {
        object[name]?.object
    }

    /// The fields of a head of that name, in order.
    func fields(_ name: String) -> [HTTPField] {
        (object[name]?.object?.members ?? []).compactMap { member in
            member.value.string.map { HTTPField(member.key, $0) }
        }
    }

    /// The value of that name; nothing if it is absent or null.
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

    /// Whether what is made belongs to the principal and not to the session; only connecting can ask for it.
    var outlivesSession: Bool { bool("outlives_session") }

    func isGiven(_ name: String) -> Bool {
        object[name].map { !$0.isNull } ?? false
    }

    /// The value of that name exactly as it was received; nothing if it is absent or null.
    func asReceived(_ name: StaticString) -> JSONText? {
        guard let value = text[name], value.kind != .null else { return nil }
        return value
    }

    /// How a target is called.
    ///
    /// - Throws: ``Failure`` of the class `usage` if a prepared answer is none.
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

    /// The limits of a session with the timeout that this call asks for.
    var limits: ConnectionLimits? {
        guard let seconds = number("timeout")?.double else { return nil }
        let duration = Duration.seconds(seconds)
        return ConnectionLimits(request: duration, idle: duration)
    }
}
