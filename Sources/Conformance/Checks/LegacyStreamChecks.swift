import JSON
import MCP

extension Check {
    /// Event streams of the legacy era.
    static let legacyStreams: [Check] = [
        Check(
            "S132",
            "get-stream-or-405",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "GET gets an event stream or HTTP 405"
        ) { p in
            let exchange = await standalone(p.main, p).exchange
            let isFine = exchange.http?.isStream == true || exchange.status == 405
            try p.expect(isFine, "received HTTP \(exchange.status ?? 0)", exchange)
        },
        Check(
            "S140",
            "messages-on-one-stream",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "With two streams of GET, a message comes on one of them only"
        ) { p in
            let (one, first) = await standalone(p.main, p)
            let (two, second) = await standalone(p.main, p)
            defer {
                one.cancel()
                two.cancel()
            }
            guard first.http?.isStream == true, second.http?.isStream == true else {
                throw Verdict.Stop.notApplicable("two streams for GET")
            }
            for call in await p.quickCallable().prefix(20) { _ = await p.call(call.tool, call.arguments, in: p.main) }
            let (left, right) = (
                await one.next(within: .zero) { _ in false }, await two.next(within: .zero) { _ in false }
            )
            let ids = Set(left.received.compactMap(\.eventID))
            let shared = right.received.first { message in
                message.eventID.map(ids.contains)
                    ?? (message.value?["id"] != nil && left.received.contains { $0.bytes == message.bytes })
            }
            try p.expect(shared == nil, "on both: \(shared?.text ?? "")", left, right)
        },
        Check(
            "S141",
            "get-stream-without-responses",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "The stream of GET has no responses"
        ) { p in
            let (pending, exchange) = await standalone(p.main, p)
            guard exchange.http?.isStream == true else { throw Verdict.Stop.notApplicable("a stream for GET") }
            _ = await p.ordinary()
            let later = await pending.next(within: .milliseconds(100)) { $0["method"] == nil }
            pending.cancel()
            let response = later.received.compactMap(\.value).first { $0["method"] == nil }
            try p.expect(response == nil, "a response: \(response ?? nil)", later)
        },
        Check(
            "S142",
            "event-ids-unique",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            phase: .passive,
            rule: "Event IDs are unique within the session"
        ) { p in
            _ = await p.calls()
            var known: Set<String> = []
            for exchange in p.traffic.exchanges {
                guard let session = exchange.http?.sentFields.first(where: { $0.name == "Mcp-Session-Id" })?.value,
                    session == p.main.httpSession
                else { continue }
                var last: String?
                for id in exchange.received.compactMap(\.eventID) where id != last {
                    last = id
                    try p.expect(known.insert(id).inserted, "the ID \(id) twice", exchange)
                }
            }
            if known.isEmpty { throw Verdict.Stop.notApplicable("events with IDs") }
        },
        Check(
            "S143",
            "replay-only-of-one-stream",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "Last-Event-ID replays only the stream that the event was on"
        ) { p in
            let known = await p.calls().map(\.last).filter { $0.received.contains { $0.eventID != nil } }
            let exchange = try p.require(known.last, "events with IDs")
            let id = exchange.received.first?.eventID ?? ""
            let pending = p.main.begin("ping") {
                $0.httpMethod = "GET"
                $0.setField("Accept", "text/event-stream")
                $0.setField("Content-Type", nil)
                $0.setField("Last-Event-ID", id)
            }
            let replay = await pending.next(within: .milliseconds(500)) { $0["id"] != nil }
            pending.cancel()
            let own = exchange.message["id"]
            let foreign = replay.received.compactMap(\.value).first { $0["method"] == nil && $0["id"] != own }
            try p.expect(foreign == nil, "a response of another stream: \(foreign ?? nil)", replay)
        },
        Check(
            "S149",
            "requests-on-the-stream-of-the-call",
            .should,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "Requests of the server that belong to a call do not come on the stream of GET"
        ) { p in
            let session = try await p.open(Probe.allCapabilities(in: p.revision))
            let (pending, exchange) = await standalone(session, p)
            guard exchange.http?.isStream == true else {
                pending.cancel()
                throw Verdict.Stop.notApplicable("a stream for GET")
            }
            for call in await p.quickCallable() { _ = await p.call(call.tool, call.arguments, in: session) }
            let later = await pending.next(within: .zero) { _ in false }
            pending.cancel()
            let request = later.requests.first { $0["method"] != "ping" }
            try p.expect(request == nil, "a request: \(request?["method"] ?? nil)", later)
        },
        Check(
            "S153",
            "stream-not-closed-early",
            .should,
            .transports,
            in: .from(.v2025_03_26, through: .v2025_06_18),
            on: .http,
            phase: .passive,
            rule: "A stream is not closed before its response"
        ) { p in
            _ = await p.calls()
            for exchange in p.traffic.exchanges
            where exchange.http?.isStream ?? false && exchange.http?.method == "POST" && exchange.message["id"] != nil {
                let isEarly = exchange.responseIndex == nil && exchange.end == "the response has ended"
                try p.expect(!isEarly, "a stream that ended without a response", exchange)
            }
        },
        Check(
            "S147",
            "legacy-stream-ends-after-response",
            .should,
            .transports,
            in: legacyStreamable,
            on: .http,
            phase: .passive,
            rule: "The stream ends after the response"
        ) { p in
            _ = await p.calls()
            try streamsEnd(p)
        },
        Check(
            "S148",
            "server-sse-multiple-streams",
            .advice,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "Several streams at once work"
        ) { p in
            let all = (0..<3).map { p.main.begin(p.ordinaryMethod, id: .string("stream-\($0)")) }
            for pending in all { try p.result(await p.main.finish(pending)) }
        },
    ]

    /// Opens the stream of GET.
    private static func standalone(_ session: Session, _ p: Probe) async -> (
        pending: any PendingExchange, exchange: Exchange
    ) {
        let pending = session.begin("ping") {
            $0.httpMethod = "GET"
            $0.setField("Accept", "text/event-stream")
            $0.setField("Content-Type", nil)
        }
        // Some servers send the head with the first event only.
        var exchange = await pending.next(within: .milliseconds(1000)) { _ in false }
        if exchange.status == nil { exchange = await pending.next(within: .milliseconds(1)) { _ in false } }
        return (pending, exchange)
    }
}
