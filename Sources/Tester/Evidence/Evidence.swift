import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport

/// Collects what was observed on a connection, so that a failure can be judged without guessing.
enum Evidence {
    /// The evidence of a connection that was not made: everything that was sent and received.
    static func ofHandshake(on link: ClientLink) -> JSONObject {
        collect(on: link, since: nil, frames: link.transcript.entries)
    }

    /// The evidence of one request: frames of others are omitted.
    ///
    /// - Parameter mark: The number of events when the request began.
    static func of(_ exchange: FailedExchange, on link: ClientLink, since mark: Int) -> JSONObject {
        let frames = ExchangeFrames(exchange, in: link.transcript.entries).entries
        var evidence: JSONObject = [:]
        if let elapsed = exchange.elapsed { evidence["elapsed_ms"] = JSONValue(rounded(elapsed)) }
        if let request = exchange.request, !request.isEmpty {
            evidence["request"] = .string(text(request, limit: 2000))
        }
        evidence.members += collect(on: link, since: mark, frames: frames).members
        return evidence
    }

    /// The evidence of a list that is incomplete: the frames of its last pages.
    static func ofList(_ method: String, pages: Int, on link: ClientLink, since mark: Int) -> JSONObject {
        let requests = ExchangeFrames.requests(of: method, in: link.transcript.entries).suffix(max(pages, 1))
        return of(FailedExchange(requests: Array(requests)), on: link, since: mark)
    }

    /// - Parameter mark: The number of events when the request began; nil for all of a connection that was not made.
    private static func collect(on link: ClientLink, since mark: Int?, frames: [Transcript.Entry]) -> JSONObject {
        var evidence: JSONObject = [:]
        // Closing a failed exchange is routine; how a process exited matters in any case.
        if let end = link.end, end.cause != .closedByUs || link.transport.kind == .stdio {
            evidence["connection_ended"] = .string(end.reason)
        }
        let server = server(on: link, since: mark)
        if !server.isEmpty { evidence["server"] = .object(server) }
        let shown = frames.suffix(6)
        let observed = observed(on: link, since: mark, besides: Set(shown.map(\.number)))
        if !observed.isEmpty { evidence["observed"] = .array(observed.map(JSONValue.string)) }
        if !shown.isEmpty { evidence["last_frames"] = .array(shown.map { .object(json(of: $0)) }) }
        return evidence
    }

    /// The facts about the server, with its standard error since a mark; all of it if it ended without a word since then.
    private static func server(on link: ClientLink, since mark: Int?) -> JSONObject {
        var server = link.end?.evidence ?? link.transport.evidence()
        guard let mark, let tail = server["stderr_tail"]?.array else { return server }
        let count = link.events.since(mark, kinds: [.stderr]).entries.count
        if count == 0, link.end != nil { return server }
        server["stderr_tail"] = .array(Array(tail.suffix(count)))
        server["stderr_lines_omitted"] = nil
        if count > tail.count { server["stderr_lines_omitted"] = JSONValue(count - tail.count) }
        return server
    }

    /// What was observed since a mark that nothing else shows: no finding, no event, no frame of the evidence.
    private static func observed(on link: ClientLink, since mark: Int?, besides frames: Set<Int>) -> [String] {
        link.observations.since(mark ?? 0)
            .filter { observation in
                if let frame = observation.frame, frames.contains(frame) { return false }
                // Without a connection there are neither findings nor events.
                if mark == nil { return true }
                if case .notification = observation.kind { return false }
                return !observation.kind.isFault
            }
            .suffix(20).map(\.kind.description)
    }

    /// Faults of the target that were noticed since a mark.
    static func findings(on link: ClientLink, since mark: Int) -> [Finding] {
        guard link.observations.count > mark else { return [] }
        let faults = distinct(link.observations.since(mark).filter(\.kind.isFault))
        var findings: [Finding] = []
        for (fault, count) in faults.prefix(10) {
            let frame = fault.frame.flatMap { number in link.transcript.entries.first { $0.number == number } }
            let others = count > 1 ? " (the first of \(count) places)" : ""
            let finding = Finding(
                fault.kind.failureClass,
                sentence(about: fault.kind) + others,
                evidence: frame.map { json(of: $0) } ?? fault.kind.facts
            )
            if case .transportFault = fault.kind {
                findings.append(finding.on(.transports))
            } else {
                findings.append(finding)
            }
        }
        if faults.count > 10 {
            findings.append(Finding(.protocolError, "\(faults.count - 10) more faults on this connection"))
        }
        return findings
    }

    /// The faults with their numbers: a frame with several invalid characters has one fault.
    private static func distinct(
        _ faults: [Observations.Observation]
    ) -> [(fault: Observations.Observation, count: Int)] {
        var distinct: [(fault: Observations.Observation, count: Int)] = []
        for fault in faults {
            if case .oddity(.text) = fault.kind, let last = distinct.last, case .oddity(.text) = last.fault.kind,
                fault.frame != nil, last.fault.frame == fault.frame
            {
                distinct[distinct.count - 1].count += 1
            } else {
                distinct.append((fault, 1))
            }
        }
        return distinct
    }

    /// The finding's evidence has the text itself.
    private static func sentence(about kind: Observations.Kind) -> String {
        if case .noise = kind { "non-protocol text on stdout" } else { kind.description }
    }

    /// One frame of the transcript.
    static func json(of entry: Transcript.Entry) -> JSONObject {
        var object: JSONObject = [
            "frame": JSONValue(entry.number),
            "direction": .string(entry.direction.rawValue),
            "at_ms": JSONValue(rounded(entry.time)),
            "text": .string(text(entry.bytes, limit: 1000)),
        ]
        if entry.byteCount > 1000 { object["bytes"] = JSONValue(entry.byteCount) }
        if entry.isNoise { object["is_protocol"] = false }
        return object
    }

    /// Milliseconds, rounded to two decimals.
    static func rounded(_ duration: Duration) -> Double {
        Double(Int64(duration.milliseconds * 100 + 0.5)) / 100
    }

    /// A duration for a verdict: milliseconds, or seconds from one second on.
    static func text(_ duration: Duration) -> String {
        duration < .seconds(1)
            ? "\(rounded(duration)) ms" : "\(Double(Int64(duration.milliseconds / 100 + 0.5)) / 10) s"
    }

    /// Bytes as text, cut at the limit; invalid UTF-8 is shown as replacement characters.
    static func text(_ bytes: [UInt8], limit: Int) -> String {
        guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
        return String(decoding: bytes[..<limit], as: UTF8.self) + "… [\(bytes.count) bytes in total]"
    }
}

extension Observations.Kind {
    /// The facts of an observation that is not about a frame.
    fileprivate var facts: JSONObject {
        if case .transportFault(_, _, let evidence) = self { evidence } else { [:] }
    }

    var failureClass: FailureClass {
        switch self {
        case .noise: .stdoutPollution
        case .sessionRenewed, .notRestated: .transport
        default: .protocolError
        }
    }
}
