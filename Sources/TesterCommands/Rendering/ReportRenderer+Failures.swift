import JSON
import Tester

extension ReportRenderer {
    /// Writes the evidence in short.
    ///
    /// The JSON has all of it.
    mutating func writeEvidence(of failure: Failure) {
        var evidence = failure.evidence
        if let steps = evidence["authorization"] { writeAuthorizationSteps(steps) }
        evidence["authorization"] = nil
        guard !evidence.isEmpty else { return }
        section("Evidence", failure.failureClass.rawValue)
        if let elapsed = evidence["elapsed_ms"] { fact("elapsed", "\(elapsed) ms") }
        let server = evidence["server"]?.object ?? evidence
        if let command = server["command"]?.string {
            let arguments = server["args"]?.array?.compactMap(\.string) ?? []
            fact("command", ([command] + arguments).joined(separator: " "))
        }
        if let end = (evidence["connection_ended"] ?? server["exit"])?.string { fact("ended", end) }
        for step in evidence["handshake"]?.array ?? [] {
            let time = step["after_ms"].map { " (\($0) ms)" } ?? ""
            fact("tried", "\(step["asked"]?.string ?? ""): \(step["outcome"]?.string ?? "")\(time)")
        }
        if let exchange = evidence["exchange"]?.object { writeExchange(exchange) }
        writeErrors(server)
        writeFrames(evidence["last_frames"]?.array ?? [])
    }

    /// Writes an HTTP exchange: request, status, the most telling response headers, and the body.
    private mutating func writeExchange(_ exchange: JSONObject) {
        let words = [exchange["method"], exchange["url"]].compactMap { $0?.string }
        if !words.isEmpty { fact("request", words.joined(separator: " ")) }
        if let status = exchange["status"] {
            let version = exchange["http_version"]?.string.map { " (HTTP/\($0))" } ?? ""
            fact("status", "\(status)\(version)")
        }
        for member in exchange["response_headers"]?.object?.members ?? [] {
            guard Self.shownHeaders.contains(member.key.lowercased()), let value = member.value.string else {
                continue
            }
            fact(member.key, value)
        }
        if let body = exchange["body"]?.string, !body.isEmpty { fact("body", Self.shortened(body)) }
    }

    private static let shownHeaders: Set<String> = ["content-type", "location", "www-authenticate", "allow", "server"]

    private mutating func writeErrors(_ server: JSONObject) {
        let tail = server["stderr_tail"]?.array?.compactMap(\.string) ?? []
        guard !tail.isEmpty else { return }
        let shown = tail.suffix(12)
        let omitted = tail.count - shown.count + (server["stderr_lines_omitted"]?.int ?? 0)
        line(
            Span(
                "standard error\(omitted > 0 ? " (\(omitted) earlier \(omitted == 1 ? "line" : "lines") omitted)" : "")",
                .faint
            ),
            indent: 2
        )
        for text in shown { line("| \(text)", indent: 4) }
    }

    private mutating func writeFrames(_ frames: [JSONValue]) {
        guard !frames.isEmpty else { return }
        line(Span("last messages", .faint), indent: 2)
        for frame in frames {
            let direction = frame["direction"]?.string == "sent" ? "->" : "<-"
            let time = frame["at_ms"].map { "\($0) ms" } ?? ""
            line(
                Span("\(direction) \(time) ", .faint),
                "\(Self.shortened(frame["text"]?.string ?? ""))",
                indent: 4,
                hanging: 3
            )
        }
    }

    private static let longestFrame = 200

    static func shortened(_ text: String) -> String {
        text.count > longestFrame ? text.prefix(longestFrame) + "…" : text
    }
}
