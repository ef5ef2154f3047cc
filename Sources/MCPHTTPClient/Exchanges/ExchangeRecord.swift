import AsyncRuntime
import JSON
import JSONRPC
import MCPHTTP
import MCPTransport
import NIOHTTP1
import Synchronization

/// What is kept of an exchange: enough to show what was on the wire, and nothing secret.
///
/// It is filled as things happen and written down only when somebody asks.
final class ExchangeRecord: Sendable {
    private struct Facts {
        var plan: ExchangePlan
        var sentFields: HTTPHeaders?
        var connection: ConnectionFacts?
        var began = ContinuousClock.now
        var sent: ContinuousClock.Instant?
        var firstByte: ContinuousClock.Instant?
        var done: ContinuousClock.Instant?
        var head: HTTPResponseHead?
        var body: (beginning: [UInt8], count: Int)?
        var eventCount = 0
        var failure: String?
        var resumptions: [ExchangeRecord] = []
        var resumptionCount = 0
        var redirects: [String] = []
    }

    private let facts: Mutex<Facts>

    init(_ plan: ExchangePlan) {
        var plan = plan
        // Kept by the transcript already.
        plan.body = nil
        facts = Mutex(Facts(plan: plan))
    }

    func sent(_ head: HTTPRequestHead, by connection: ConnectionFacts?) {
        facts.withLock { facts in
            facts.sentFields = head.headers
            facts.connection = connection
            facts.sent = .now
        }
    }

    func began(_ head: HTTPResponseHead) {
        facts.withLock { facts in
            facts.head = head
            facts.firstByte = .now
        }
    }

    func redirected(from url: HTTPURL, status: UInt) {
        facts.withLock { facts in
            facts.redirects.append("\(status) from \(url)")
            (facts.head, facts.firstByte) = (nil, nil)
        }
    }

    func count(_ events: Int) {
        facts.withLock { $0.eventCount += events }
    }

    func ended(body: [UInt8]? = nil, failure: TransportFailure? = nil) {
        facts.withLock { facts in
            if facts.done == nil { facts.done = .now }
            if let body { facts.body = (Array(body.prefix(Self.shownBytes)), body.count) }
            if let failure { facts.failure = failure.message }
        }
    }

    /// The body was a message, which the transcript keeps.
    func bodyWasMessage() {
        facts.withLock { $0.body = nil }
    }

    func resumed(by record: ExchangeRecord) {
        facts.withLock { facts in
            facts.resumptionCount += 1
            facts.resumptions.append(record)
            if facts.resumptions.count > 5 { facts.resumptions.removeFirst() }
        }
    }

    var hasHead: Bool { facts.withLock { $0.head != nil } }

    /// A failure with the facts of the exchange that it belongs to.
    func completing(_ failure: TransportFailure) -> TransportFailure {
        var failure = failure
        for member in evidence().members where failure.evidence[member.key] == nil {
            failure.evidence.append(member.key, member.value)
        }
        return failure
    }

    private static let shownBytes = 2048
}

// MARK: - Writing it down

extension ExchangeRecord {
    func evidence() -> JSONObject {
        let facts = facts.withLock { $0 }
        var evidence: JSONObject = [
            "method": .string(facts.plan.method.rawValue), "url": .string(facts.plan.url.description),
        ]
        evidence["request_headers"] = .object(
            Self.shown(facts.sentFields ?? facts.plan.fields, userFields: facts.plan.userFields)
        )
        if let head = facts.head {
            evidence["status"] = .number(JSONNumber(Int64(head.status.code)))
            evidence["http_version"] = .string(
                head.version.major == 2 ? "2" : "\(head.version.major).\(head.version.minor)"
            )
            evidence["response_headers"] = .object(Self.shown(head.headers, userFields: []))
        }
        if let body = facts.body {
            evidence["body_bytes"] = .number(JSONNumber(Int64(body.count)))
            evidence["body"] = .string(String(decoding: body.beginning, as: UTF8.self))
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
        return evidence
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
        func set(_ name: String, _ from: ContinuousClock.Instant, _ to: ContinuousClock.Instant?) {
            guard let to, to >= from else { return }
            let tenths = (from.duration(to: to).milliseconds * 10).rounded() / 10
            timings[name] = .number(JSONNumber(literal: "\(tenths)") ?? JSONNumber(Int64(tenths)))
        }
        // Resolving and connecting, where this exchange was the first of its connection; TLS cannot be told apart, for the
        // library hands a connection out when that is done too, and says nothing in between.
        if let connection = facts.connection, connection.requests == 1 {
            set(facts.plan.url.isSecure ? "connect_with_tls" : "connect", facts.began, connection.made)
        }
        set("sent", facts.began, facts.sent)
        set("first_byte", facts.began, facts.firstByte)
        set("done", facts.began, facts.done)
        return timings
    }
}

/// The exchanges of a connection, within a bound: old ones give way to new ones.
struct ExchangeLog {
    private var records: [(request: RequestID?, record: ExchangeRecord)] = []
    private var byRequest: [RequestID: ExchangeRecord] = [:]
    private(set) var count = 0

    mutating func add(_ record: ExchangeRecord, for request: RequestID?) {
        count += 1
        records.append((request, record))
        if let request { byRequest[request] = record }
        guard records.count > 2 * Self.kept else { return }
        for old in records.prefix(Self.kept) {
            guard let request = old.request, byRequest[request] === old.record else { continue }
            byRequest[request] = nil
        }
        records.removeFirst(Self.kept)
    }

    func record(of request: RequestID) -> ExchangeRecord? { byRequest[request] }

    func last(_ count: Int) -> [ExchangeRecord] { records.suffix(count).map(\.record) }

    /// How many are kept at least; twice as many at most, for to drop one alone moves all the others.
    private static let kept = 100
}
