import JSON
import MCP
import MCPTransport

extension Check {
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
            let (greeting, end) = try await p.exit()
            let reason = end?.evidence["ended_by"]?.string
            try p.expect(
                reason == nil || reason == "end of input",
                "the server did not exit within \(ServerUnderTest.exitLimit.components.seconds) s and was ended by \(reason ?? "")",
                greeting
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
            let pending = session.begin("tools/call", call.params)
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
            let greeting = try p.require(try await probed(p).greeting, "a server without the stateless era")
            try p.result(greeting, "initialize after it")
        },
    ]
}
