import AsyncRuntime
import JSON
import JSONRPC
import MCPClient
import MCPTransport

/// Gathers what was seen on a connection, so that a failure can be judged without guessing.
enum Evidence {
    /// Everything that helps with a question that failed.
    ///
    /// - Parameters:
    ///   - link: The connection.
    ///   - mark: How many observations there were when the question began.
    ///   - request: The request as it was sent, if there was one.
    ///   - elapsed: The time until the failure was known.
    static func collect(
        on link: ClientLink,
        since mark: Int = 0,
        request: [UInt8]? = nil,
        elapsed: Duration? = nil
    ) -> JSONObject {
        var evidence: JSONObject = [:]
        if let elapsed { evidence["elapsed_ms"] = JSONValue(rounded(elapsed)) }
        if let request { evidence["request"] = .string(text(request, limit: 2000)) }
        let server = link.end?.evidence ?? link.transport.evidence()
        // That we let go of an exchange that failed is no news; how a process ended is, whoever ended it.
        if let end = link.end, end.cause != .closedByUs || link.transport.kind == .stdio {
            evidence["connection_ended"] = .string(end.reason)
        }
        if !server.isEmpty { evidence["server"] = .object(server) }
        let observed = link.observations.since(mark)
        if !observed.isEmpty {
            evidence["observed"] = .array(observed.suffix(20).map { .string($0.kind.description) })
        }
        let frames = link.transcript.entries.suffix(6)
        if !frames.isEmpty { evidence["last_frames"] = .array(frames.map { .object(json(of: $0)) }) }
        return evidence
    }

    /// Faults of the target that were noticed since a mark, each kind told once with its count.
    static func findings(on link: ClientLink, since mark: Int) -> [Report.Finding] {
        guard link.observations.count > mark else { return [] }
        let faults = link.observations.since(mark).filter(\.kind.isFault)
        var findings: [Report.Finding] = []
        for fault in faults.prefix(10) {
            let frame = fault.frame.flatMap { number in link.transcript.entries.first { $0.number == number } }
            findings.append(
                Report.Finding(
                    fault.kind.failureClass,
                    sentence(about: fault.kind, in: frame),
                    evidence: frame.map { json(of: $0) } ?? fault.kind.facts
                )
            )
        }
        if faults.count > 10 {
            findings.append(Report.Finding(.protocolError, "and \(faults.count - 10) more of the same connection"))
        }
        return findings
    }

    /// What a fault is; noise is best told by what it says.
    private static func sentence(about kind: Observations.Kind, in frame: Transcript.Entry?) -> String {
        guard case .noise = kind, let frame else { return kind.description }
        let line = JSONValue.string(text(frame.bytes, limit: 120)).description
        return "a line on standard output is no protocol message: \(line)"
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

    /// Milliseconds with two decimals, which is as exact as anybody reads.
    static func rounded(_ duration: Duration) -> Double {
        Double(Int64(duration.milliseconds * 100 + 0.5)) / 100
    }

    /// Bytes as text, cut and marked; bytes that are no text are shown by replacement characters.
    static func text(_ bytes: [UInt8], limit: Int) -> String {
        guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
        return String(decoding: bytes[..<limit], as: UTF8.self) + "… [\(bytes.count) bytes in all]"
    }
}

extension Observations.Kind {
    /// What belongs to it where it is about no frame.
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
