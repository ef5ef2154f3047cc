import MCPHTTP
import NIOHTTP1
import Synchronization

/// Spoils what goes out for one request.
final class ResponseTamper: Sendable {
    /// How long the first byte of a slow answer takes.
    static let delay = Duration.seconds(5)

    private let faults: Set<HTTPFault>
    private let isToolCall: Bool
    /// What was said instead is all that is said.
    private let isReplaced = Mutex(false)

    /// Spoils the answer to a request, if there is anything to spoil.
    init?(_ options: HTTPServerOptions, _ request: HTTPRequest) {
        guard !options.faults.isEmpty, request.head.method == .POST else { return nil }
        isToolCall = String(decoding: request.body, as: UTF8.self).contains("\"tools/call\"")
        faults =
            options.limitsFaultsToToolCalls && !isToolCall
            ? options.faults.intersection([.session]) : options.faults
        guard !faults.isEmpty else { return nil }
    }

    /// Whether the answer is late.
    var isLate: Bool { faults.contains(.slowFirstByte) }

    /// What goes out in the place of that which should.
    func spoil(_ parts: [ResponseWriter.Part]) -> [ResponseWriter.Part] {
        if faults.contains(.silence) { return [] }
        if let answer = replacement {
            let isFirst = isReplaced.withLock { isReplaced in
                defer { isReplaced = true }
                return !isReplaced
            }
            return isFirst ? [.whole(answer)] : []
        }
        var parts = parts.map(mislabel)
        guard isToolCall, faults.contains(.cutStream) || faults.contains(.endlessStream) else { return parts }
        parts = parts.flatMap(asStream)
        guard case .end = parts.last else { return parts }
        parts.removeLast()
        if faults.contains(.cutStream) {
            if case .bytes(let event) = parts.popLast() { parts.append(.bytes(Array(event.prefix(event.count / 2)))) }
            parts.append(.cut)
        }
        return parts
    }

    private var replacement: HTTPResponse? {
        if faults.contains(.page) {
            return text(.ok, "text/html", "<!doctype html><title>Welcome</title><h1>It works!</h1>")
        }
        if faults.contains(.empty) { return text(.ok, "application/json", "") }
        if faults.contains(.accepted) { return .empty(.accepted) }
        if faults.contains(.redirect) { return .empty(.found, fields: [("Location", "/login?next=%2Fmcp")]) }
        if faults.contains(.unauthorized) { return .empty(.unauthorized, fields: [("WWW-Authenticate", "Bearer")]) }
        if faults.contains(.internalError) { return text(.internalServerError, "text/plain", "Internal Server Error") }
        return nil
    }

    private func text(_ status: HTTPResponse.Status, _ type: String, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, fields: [("Content-Type", type)], body: Array(text.utf8))
    }

    private func mislabel(_ part: ResponseWriter.Part) -> ResponseWriter.Part {
        switch part {
        case .whole(var answer):
            answer.fields = answer.fields.map(mislabel)
            return .whole(answer)
        case .begin(let fields): return .begin(fields: fields.map(mislabel))
        case .bytes, .end, .cut: return part
        }
    }

    private func mislabel(_ field: (String, String)) -> (String, String) {
        switch field.0 {
        case "Content-Type" where faults.contains(.contentType): ("Content-Type", "text/plain")
        case FieldName.session where faults.contains(.session): (FieldName.session, "00000000000000000000000000000000")
        default: field
        }
    }

    private func asStream(_ part: ResponseWriter.Part) -> [ResponseWriter.Part] {
        guard case .whole(let answer) = part, !answer.body.isEmpty else { return [part] }
        let event = EventStreamWriter.event(data: answer.body)
        return [.begin(fields: EventStreamFields.all), .bytes(event), .end]
    }
}
