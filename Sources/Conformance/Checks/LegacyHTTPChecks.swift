import JSON
import MCP
import MCPTransport

extension Check {
    /// Streamable HTTP in the legacy era.
    static let legacyHTTP: [Check] = [
        Check(
            "S130",
            "http-response-form",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            phase: .passive,
            rule: "A request gets JSON or an event stream with its response"
        ) { p in try jsonOrStream(p) },
        Check(
            "S131",
            "http-notification-accepted",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "An accepted notification gets HTTP 202 without a body"
        ) { p in
            let exchange = await p.main.notify("notifications/cancelled", ["requestId": "unknown-131"])
            try p.expect(exchange.status == 202, "HTTP \(exchange.status ?? 0)", exchange)
            try p.expect(
                exchange.http?.body.isEmpty == true,
                "a body of \(exchange.http?.body.count ?? 0) bytes",
                exchange
            )
        },
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
            "S133",
            "server-session-id-visible-ascii",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "A session ID has only visible ASCII characters"
        ) { p in
            let id = try p.require(p.main.httpSession, "a session ID")
            try p.expect(
                !id.isEmpty && id.utf8.allSatisfy { (0x21...0x7E).contains($0) },
                "the ID \"\(id)\"",
                p.main.greeting
            )
        },
        Check(
            "S134",
            "session-ids-unique",
            .should,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "Session IDs are unique and not guessable"
        ) { p in
            _ = try p.require(p.main.httpSession, "a session ID")
            var ids: Set<String> = []
            for _ in 0..<8 {
                let session = try await p.open()
                let id = session.httpSession ?? ""
                let isNew = ids.insert(id).inserted
                await endHTTPSession(session)
                await p.close(session)
                try p.expect(isNew, "the ID \(id) twice", session.greeting)
                try p.expect(id.utf8.count >= 16, "an ID of \(id.utf8.count) characters", session.greeting)
            }
        },
        Check(
            "S135",
            "session-id-required",
            .should,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "A request without the session ID gets HTTP 400"
        ) { p in
            _ = try p.require(p.main.httpSession, "a session ID")
            let exchange = await p.ordinary { $0.setField("Mcp-Session-Id", nil) }
            try p.expect(exchange.status == 400, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S136",
            "server-session-terminated-returns-404",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "An unknown session gets HTTP 404"
        ) { p in
            _ = try p.require(p.main.httpSession, "a session ID")
            let exchange = await p.ordinary { $0.setField("Mcp-Session-Id", "00000000-0000-4000-8000-000000000000") }
            try p.expect(exchange.status == 404, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S137",
            "server-session-delete-accepted",
            .advice,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "DELETE ends the session, after which it gets HTTP 404, or gets 405"
        ) { p in
            _ = try p.require(p.main.httpSession, "a session ID")
            let session = try await p.open()
            let exchange = await endHTTPSession(session)
            let after = await p.ordinary(session)
            await p.close(session)
            if exchange.status == 405 { return }
            try p.expect((200..<300).contains(exchange.status ?? 0), "DELETE: HTTP \(exchange.status ?? 0)", exchange)
            try p.expect(after.status == 404, "the ended session: \(after.outcome)", after)
        },
        Check(
            "S138",
            "version-header-validated",
            .must,
            .transports,
            in: .from(.v2025_06_18, through: .v2025_11_25),
            on: .http,
            rule: "An unknown MCP-Protocol-Version gets HTTP 400"
        ) { p in
            let exchange = await p.ordinary { $0.setField("MCP-Protocol-Version", "1999-01-01") }
            try p.expect(exchange.status == 400, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S139",
            "version-header-optional",
            .should,
            .transports,
            in: .from(.v2025_06_18, through: .v2025_11_25),
            on: .http,
            rule: "A request without MCP-Protocol-Version is served"
        ) { p in
            try p.result(await p.ordinary { $0.setField("MCP-Protocol-Version", nil) })
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
        Check(
            "S150",
            "http-batch-accepted",
            .must,
            .transports,
            in: .only(.v2025_03_26),
            on: .http,
            rule: "A batch of notifications gets HTTP 202"
        ) { p in
            let batch: JSONValue = [
                ["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "unknown-150"]],
                ["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "unknown-151"]],
            ]
            let exchange = await p.main.provoke(batch.description)
            try p.expect(exchange.status == 202, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S151",
            "http-sse-responses",
            .must,
            .transports,
            in: .only(.v2024_11_05),
            on: .sse,
            rule: "The event stream names the endpoint, and responses come on it"
        ) { p in
            // A wire opens only after the server has named its endpoint.
            try p.result(await p.ordinary())
        },
    ]

    private static let legacyStreamable = Revisions.from(.v2025_03_26, through: .v2025_11_25)

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

    @discardableResult
    private static func endHTTPSession(_ session: Session) async -> Exchange {
        await session.request("ping", within: .seconds(2)) {
            $0.httpMethod = "DELETE"
            $0.setField("Content-Type", nil)
        }
    }

    /// Standard input and output.
    static let stdio: [Check] = [
        Check(
            "S160",
            "stdout-only-messages",
            .must,
            .stdio,
            on: .stdio,
            phase: .passive,
            rule: "Standard output has only messages, one per line"
        ) { p in
            let faults = p.allFramingFaults
            try p.expect(faults.isEmpty, faults.first ?? "")
        },
        Check(
            "S161",
            "no-embedded-newlines",
            .must,
            .stdio,
            on: .stdio,
            phase: .passive,
            rule: "A message is on one line"
        ) { p in
            for exchange in p.traffic.exchanges {
                let cut = exchange.received.first {
                    $0.value == nil && ($0.bytes.first == UInt8(ascii: "{") || $0.bytes.last == UInt8(ascii: "}"))
                }
                try p.expect(cut == nil, "part of a message: \(cut?.text ?? "")", exchange)
            }
        },
        Check(
            "S162",
            "stderr-is-free",
            .advice,
            .stdio,
            on: .stdio,
            phase: .passive,
            rule: "Standard error may hold anything, and the server goes on"
        ) { p in
            try p.expect(p.main.wire.end == nil, p.main.wire.end ?? "")
        },
        Check(
            "S163",
            "exits-at-end-of-input",
            .should,
            .stdio,
            in: .modern,
            on: .stdio,
            rule: "The server exits soon after its input is closed"
        ) { p in
            let session = try await p.open()
            let end = await p.close(session)
            let reason = end?.evidence["ended_by"]?.string
            try p.expect(
                reason == nil || reason == "end of input",
                "the server was ended by \(reason ?? "")",
                session.greeting
            )
        },
        Check(
            "S164",
            "no-requests-on-stdout",
            .must,
            .stdio,
            in: .modern,
            on: .stdio,
            phase: .passive,
            rule: "Standard output has no requests"
        ) { p in
            let request = p.main.wire.strays.compactMap(\.value).first { $0["method"] != nil && $0["id"] != nil }
            try p.expect(request == nil, "a request: \(request?["method"] ?? nil)")
        },
        Check(
            "S165",
            "nothing-after-cancellation",
            .must,
            .stdio,
            in: .modern,
            on: .stdio,
            rule: "Nothing comes for a request after it was cancelled"
        ) { p in
            let exchange = try await cancelledCall(p)
            try p.expect(exchange.responseIndex == nil, exchange.outcome, exchange)
        },
        Check(
            "S166",
            "conversations-interleaved",
            .must,
            .stdio,
            in: .modern,
            on: .stdio,
            rule: "Requests of different clients are served side by side"
        ) { p in
            let one = p.main.begin(p.ordinaryMethod, id: "client-a") {
                $0.setMeta(MetaKey.clientInfo.rawValue, ["name": "a", "version": "1"])
            }
            let two = p.main.begin(p.ordinaryMethod, id: "client-b") {
                $0.setMeta(MetaKey.clientInfo.rawValue, ["name": "b", "version": "1"])
            }
            for pending in [one, two] { try p.result(await p.main.finish(pending)) }
        },
        Check(
            "S167",
            "large-and-many-lines",
            .advice,
            .stdio,
            on: .stdio,
            rule: "A line of 1 MiB, a line that ends in CR LF and 100 lines at once are handled"
        ) { p in
            let large = await p.ordinary {
                $0.setMeta("com.example/padding", .string(String(repeating: "a", count: 1 << 20)))
            }
            try p.expect(large.response != nil, "a line of 1 MiB: \(large.outcome)", large)
            let crlf = await p.ordinary { $0.bytes = Array((JSONValue.object($0.message).description + "\r").utf8) }
            try p.expect(crlf.response != nil, "a line with CR LF: \(crlf.outcome)", crlf)
            let all = (0..<100).map { p.main.begin(p.ordinaryMethod, id: .string("line-\($0)")) }
            for pending in all {
                let exchange = await p.main.finish(pending)
                try p.expect(exchange.response != nil, "100 lines at once: \(exchange.outcome)", exchange)
            }
        },
        Check(
            "S169",
            "unanswered-requests-do-not-block",
            .advice,
            .lifecycle,
            in: .legacy,
            on: .stdio,
            rule: "A request of the server that gets no response does not block others"
        ) { p in
            let calls = try await p.capableCalls().filter { !$0.exchanges.flatMap(\.requests).isEmpty }
            let call = try p.need(calls.first, "a callable tool that requests input from the client")
            let session = try await p.open(Probe.allCapabilities(in: p.revision))
            session.wire.answer { _ in nil }
            let pending = session.begin(
                "tools/call",
                ["name": .string(call.name), "arguments": .object(call.arguments)]
            )
            _ = await pending.next(within: p.options.limit) { $0["method"] != nil && $0["id"] != nil }
            let exchange = await p.ordinary(session)
            await p.close(session)
            try p.result(exchange, "a request meanwhile")
        },
        Check(
            "S168",
            "initialize-after-failed-probe",
            .advice,
            .versioning,
            in: .legacy,
            on: .stdio,
            rule: "initialize works after server/discover has failed"
        ) { p in
            let session = try await p.open(handshake: false)
            let probe = await session.request("server/discover", within: .seconds(3)) { draft in
                draft.setMeta(MetaKey.protocolVersion.rawValue, .string(Revision.latest.wireName))
                draft.setMeta(MetaKey.clientCapabilities.rawValue, [:])
            }
            // After a result, a client goes on in the stateless era.
            guard probe.result == nil else {
                await p.close(session)
                throw Verdict.Stop.notApplicable("a server without the stateless era")
            }
            let greeting = await session.open()
            await p.close(session)
            try p.result(greeting, "initialize after it")
        },
    ]
}
