import JSON
import MCPAuth
import Platform
import TextUtilities

extension Failure {
    /// An authorization that failed.
    ///
    /// - Parameters:
    ///   - intention: What was to be done, as the beginning of a sentence that the cause ends.
    ///   - trace: The steps, which become evidence.
    init(_ failure: AuthFailure, _ intention: String, _ trace: AuthTrace) {
        self.init(
            failure.kind == .cancelled ? .cancelled : .auth,
            .connectionFailed,
            "\(intention): \(failure.message.asSentence)",
            nextStep: failure.advice ?? "Read the steps in evidence.authorization, and correct the first fault there.",
            details: ["authorization": .object(failure.json)]
        )
        outcome = .error
        if !trace.steps.isEmpty { evidence["authorization"] = .array(trace.steps.map { .object($0.json) }) }
    }
}

extension Authorization {
    /// What may be shown: never a token or a secret.
    var shown: JSONObject {
        var object: JSONObject = [
            "server": .string(server.text), "resource": .string(resource.text), "issuer": .string(issuer),
            "client_id": .string(client.id), "client": .string(client.source.rawValue), "grant": .string(grant),
            "scope": .string((tokens.grantedScopes ?? tokens.requestedScopes).description),
            "has_refresh_token": .bool(tokens.refreshToken != nil),
        ]
        if possession != nil { object["bound_to_key"] = true }
        if let expiresAt = tokens.expiresAt { object["expires_at"] = .string(Timestamp.text(time_t(expiresAt))) }
        return object
    }
}
