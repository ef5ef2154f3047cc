import NIOHTTP1

/// The content types of a response that `Accept` allows.
struct AcceptedTypes: Sendable {
    var json = false
    var events = false

    /// Reads `Accept`; a request without it accepts everything.
    init(_ headers: HTTPHeaders) {
        let values = headers["Accept"]
        let ranges = values.flatMap { $0.split(separator: ",") }
        if ranges.isEmpty { (json, events) = (true, true) }
        for range in ranges { add(range) }
    }

    private mutating func add(_ range: Substring) {
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
