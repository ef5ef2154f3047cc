import JSON
import MCPTransport

/// What a probe of the server adds to a failure.
struct FailureDetails: Sendable {
    /// A clause that is appended to the message.
    var sentence: String
    /// Replaces the advice of the failure; nil keeps it.
    var advice: String?
    var evidence: JSONObject = [:]
}

extension TransportFailure {
    /// The failure with the details that a probe found; unchanged if it found none.
    func adding(_ details: FailureDetails?) -> TransportFailure {
        guard let details else { return self }
        var failure = self
        failure.message += "; \(details.sentence)"
        if let advice = details.advice { failure.advice = advice }
        for member in details.evidence.members { failure.evidence[member.key] = member.value }
        return failure
    }
}
