import JSON
import MCPHTTP
import MCPTransport
import NIOHTTP1
import Synchronization

/// What is kept of an exchange for evidence.
///
/// The exchange fills it on its loop. It is rendered only when evidence is requested, which may happen on any thread.
final class ExchangeRecord: Sendable {
    private struct Facts {
        let request: ExchangeRequest.Head
        var sentFields: HTTPHeaders?
        var connection: ConnectionFacts?
        let started = ContinuousClock.now
        var sent: ContinuousClock.Instant?
        var firstByte: ContinuousClock.Instant?
        var done: ContinuousClock.Instant?
        var head: HTTPResponseHead?
        var body: Excerpt?
        var eventCount = 0
        var failure: String?
        var resumptions: [ExchangeRecord] = []
        var resumptionCount = 0
        var redirects: [String] = []
    }

    private struct Excerpt {
        var bytes: [UInt8]
        var count: Int
    }

    private let facts: Mutex<Facts>
    private let secrets: SecretRedactor

    init(_ request: ExchangeRequest, secrets: SecretRedactor) {
        // Without the body, because the transcript keeps the message.
        facts = Mutex(Facts(request: request.head))
        self.secrets = secrets
    }

    private func update(_ change: (inout Facts) -> Void) {
        facts.withLock { change(&$0) }
    }

    func sent(_ head: HTTPRequestHead, by connection: ConnectionFacts?) {
        update { facts in
            facts.sentFields = head.headers
            facts.connection = connection
            facts.sent = .now
        }
    }

    func received(_ head: HTTPResponseHead) {
        update { facts in
            facts.head = head
            facts.firstByte = .now
        }
    }

    func redirected(from url: HTTPURL, status: UInt) {
        update { facts in
            facts.redirects.append("\(status) from \(url)")
            (facts.head, facts.firstByte) = (nil, nil)
        }
    }

    func count(_ events: Int) {
        update { $0.eventCount += events }
    }

    func ended(_ failure: TransportFailure? = nil) {
        update { facts in
            if facts.done == nil { facts.done = .now }
            if let failure { facts.failure = failure.message }
        }
    }

    /// Keeps the beginning of a body that is not a message; messages are in the transcript.
    func keep(_ body: [UInt8]) {
        update { $0.body = Excerpt(bytes: Array(body.prefix(Self.excerptBytes)), count: body.count) }
    }

    func resumed(by record: ExchangeRecord) {
        update { facts in
            facts.resumptionCount += 1
            facts.resumptions.append(record)
            if facts.resumptions.count > 5 { facts.resumptions.removeFirst() }
        }
    }

    private static let excerptBytes = 2048
}

// MARK: - Rendering

extension ExchangeRecord {
    /// A failure with the evidence of this exchange, and without the secrets that were sent in it.
    func completing(_ failure: TransportFailure) -> TransportFailure {
        let facts = facts.withLock { $0 }
        let redactor = redactor(facts)
        var failure = failure
        failure.message = redactor.redact(failure.message)
        failure.advice = failure.advice.map(redactor.redact)
        failure.evidence = redactor.redact(failure.evidence)
        for member in evidence().members where failure.evidence[member.key] == nil {
            failure.evidence.append(member.key, member.value)
        }
        return failure
    }

    func evidence() -> JSONObject {
        let facts = facts.withLock { $0 }
        let redactor = redactor(facts)
        var evidence: JSONObject = [
            "method": .string(facts.request.method.rawValue), "url": .string(facts.request.url.description),
        ]
        evidence["request_headers"] = .object(
            Self.shown(facts.sentFields ?? facts.request.fields, userFields: facts.request.userFields)
        )
        if let head = facts.head {
            evidence["status"] = .number(JSONNumber(Int64(head.status.code)))
            evidence["http_version"] = .string(
                head.version.major == 2 ? "2" : "\(head.version.major).\(head.version.minor)"
            )
            evidence["response_headers"] = .object(Self.shown(head.headers, userFields: []))
            // Whole, also if the body of the refusal is a message, because a login begins with it.
            for member in ResponseFailure.challenge(head.status, head.headers).members {
                evidence[member.key] = member.value
            }
        }
        if let body = facts.body {
            evidence["body_bytes"] = .number(JSONNumber(Int64(body.count)))
            evidence["body"] = .string(redactor.redact(body.bytes, isCut: body.count > body.bytes.count))
        }
        if !facts.redirects.isEmpty { evidence["redirects_followed"] = .array(facts.redirects.map { .string($0) }) }
        if facts.eventCount > 0 { evidence["events"] = .number(JSONNumber(Int64(facts.eventCount))) }
        if let connection = facts.connection {
            if let remote = connection.remote { evidence["remote_address"] = .string(remote) }
            evidence["connection"] = .string(connection.requests > 1 ? "reused" : "new")
        }
        evidence["timings_ms"] = .object(Self.timings(facts))
        if let failure = facts.failure { evidence["failure"] = .string(failure) }
        if facts.resumptionCount > 0 {
            evidence["resumed"] = .number(JSONNumber(Int64(facts.resumptionCount)))
            evidence["resumptions"] = .array(facts.resumptions.map { .object($0.evidence()) })
        }
        return redactor.redact(evidence)
    }

    /// The secrets of the endpoint, and those that only this request carries.
    private func redactor(_ facts: Facts) -> SecretRedactor {
        var redactor = secrets
        redactor.add(facts.request.url)
        for (name, value) in facts.request.fields {
            let lowercased = name.lowercased()
            guard facts.request.userFields.contains(lowercased) || lowercased == "mcp-session-id" else { continue }
            redactor.add(field: name, value)
        }
        return redactor
    }

    private static func shown(_ fields: HTTPHeaders, userFields: Set<String>) -> JSONObject {
        var shown = JSONObject()
        for (name, value) in fields {
            let isUsers = userFields.contains(name.lowercased())
            let text = isUsers ? Redaction.value(ofUserField: name, value) : Redaction.value(of: name, value)
            if case .string(let before)? = shown[name] {
                shown[name] = .string("\(before), \(text)")
            } else {
                shown[name] = .string(text)
            }
        }
        return shown
    }

    private static func timings(_ facts: Facts) -> JSONObject {
        var timings = JSONObject()
        func set(_ name: String, _ end: ContinuousClock.Instant?) {
            guard let end, end >= facts.started else { return }
            let tenths = (facts.started.duration(to: end) / .milliseconds(1) * 10).rounded() / 10
            timings[name] = .number(JSONNumber(literal: "\(tenths)") ?? JSONNumber(Int64(tenths)))
        }
        // Name resolution and connecting, if this exchange was the first on its connection. The library reports a connection
        // only after the TLS handshake, so the two cannot be measured separately.
        if let connection = facts.connection, connection.requests == 1 {
            set(facts.request.url.isSecure ? "connect_with_tls" : "connect", connection.opened)
        }
        set("sent", facts.sent)
        set("first_byte", facts.firstByte)
        set("done", facts.done)
        return timings
    }
}
