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
        collect(on: link, since: 0, frames: link.transcript.entries)
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

    private static func collect(on link: ClientLink, since mark: Int, frames: [Transcript.Entry]) -> JSONObject {
        var evidence: JSONObject = [:]
        // Closing a failed exchange is routine; how a process exited matters in any case.
        if let end = link.end, end.cause != .closedByUs || link.transport.kind == .stdio {
            evidence["connection_ended"] = .string(end.reason)
        }
        let server = link.end?.evidence ?? link.transport.evidence()
        if !server.isEmpty { evidence["server"] = .object(server) }
        let observed = link.observations.since(mark)
        if !observed.isEmpty {
            evidence["observed"] = .array(observed.suffix(20).map { .string($0.kind.description) })
        }
        let shown = frames.suffix(6)
        if !shown.isEmpty { evidence["last_frames"] = .array(shown.map { .object(json(of: $0)) }) }
        return evidence
    }

    /// Faults of the target that were noticed since a mark.
    static func findings(on link: ClientLink, since mark: Int) -> [Finding] {
        guard link.observations.count > mark else { return [] }
        let faults = link.observations.since(mark).filter(\.kind.isFault)
        var findings: [Finding] = []
        for fault in faults.prefix(10) {
            let frame = fault.frame.flatMap { number in link.transcript.entries.first { $0.number == number } }
            let finding = Finding(
                fault.kind.failureClass,
                sentence(about: fault.kind),
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
