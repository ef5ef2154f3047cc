import NIOHTTP1

/// In which forms an answer may be given, as the sender of a request says.
struct Acceptance: Sendable {
    /// As one message.
    var json = false
    /// As a stream of events.
    var events = false

    /// Reads the field `Accept`; who does not say takes anything.
    init(_ headers: HTTPHeaders) {
        var isSaid = false
        for value in headers["Accept"] {
            for range in value.split(separator: ",") {
                isSaid = true
                take(range)
            }
        }
        if !isSaid { (json, events) = (true, true) }
    }

    private mutating func take(_ range: Substring) {
        let parts = range.split(separator: ";").map { $0.trimmingSpaces.lowercased() }
        if parts.dropFirst().contains(where: { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }) { return }
        switch parts.first {
        case "application/json", "application/*": json = true
        case "text/event-stream", "text/*": events = true
        case "*/*": (json, events) = (true, true)
        default: break
        }
    }
}

extension Substring {
    /// Without spaces and tabs around it.
    var trimmingSpaces: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
