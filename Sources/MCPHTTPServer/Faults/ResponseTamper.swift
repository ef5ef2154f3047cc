import MCPHTTP
import NIOHTTP1

/// Injects faults into the response of one request.
final class ResponseTamper {
    /// How long a late response takes.
    static let delay = Duration.seconds(5)

    private let faults: Set<HTTPFault>
    private let isToolCall: Bool
    /// Whether the replacement of the response was sent.
    private var isReplaced = false

    /// Creates a tamper, or nil if there is no fault to inject.
    init?(_ options: HTTPServerOptions, _ request: HTTPRequest) {
        guard !options.faults.isEmpty, request.head.method == .POST else { return nil }
        isToolCall = String(decoding: request.body, as: UTF8.self).contains("\"tools/call\"")
        faults =
            options.limitsFaultsToToolCalls && !isToolCall
            ? options.faults.intersection([.session]) : options.faults
        guard !faults.isEmpty else { return nil }
    }

    var delaysResponse: Bool { faults.contains(.slowFirstByte) }

    /// The parts to send instead of those of a correct response.
    func alter(_ parts: [ResponseWriter.Part]) -> [ResponseWriter.Part] {
        if faults.contains(.silence) { return [] }
        if let replacement {
            defer { isReplaced = true }
            return isReplaced ? [] : [.response(replacement)]
        }
        var parts = parts.map(mislabeled)
        guard isToolCall, faults.contains(.cutStream) || faults.contains(.endlessStream) else { return parts }
        parts = parts.flatMap(asStream)
        guard case .streamEnd = parts.last else { return parts }
        parts.removeLast()
        if faults.contains(.cutStream) {
            if case .event(let event) = parts.popLast() { parts.append(.event(Array(event.prefix(event.count / 2)))) }
            parts.append(.disconnect)
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

    private func mislabeled(_ part: ResponseWriter.Part) -> ResponseWriter.Part {
        switch part {
        case .response(var response):
            response.fields = response.fields.map(mislabeled)
            return .response(response)
        case .streamHead(let fields): return .streamHead(fields: fields.map(mislabeled))
        case .event, .streamEnd, .disconnect: return part
        }
    }

    private func mislabeled(_ field: (String, String)) -> (String, String) {
        switch field.0 {
        case "Content-Type" where faults.contains(.contentType): ("Content-Type", "text/plain")
        case FieldName.session where faults.contains(.session): (FieldName.session, "00000000000000000000000000000000")
        default: field
        }
    }

    private func asStream(_ part: ResponseWriter.Part) -> [ResponseWriter.Part] {
        guard case .response(let response) = part, !response.body.isEmpty else { return [part] }
        let event = EventStreamWriter.event(data: response.body)
        return [.streamHead(fields: EventStreamFields.all), .event(event), .streamEnd]
    }
}
