import JSON
import MCPHTTP

extension HTTPTarget {
    /// What is known about the way to the server; never a secret.
    var evidence: JSONObject {
        var evidence: JSONObject = ["url": .string(url.description)]
        if url.isSecure, !endpoint.tls.verifies {
            evidence["tls_verified"] = false
            evidence["warning"] = "the server's certificate is NOT verified: anybody may stand in between"
        } else if url.isSecure {
            evidence["tls_verified"] = true
        }
        if let proxy = route.proxy { evidence["proxy"] = .string(proxy.origin) }
        if !fields.isEmpty {
            var shown = JSONObject()
            for field in fields { shown[field.name] = .string(Redaction.value(ofUserField: field.name, field.value)) }
            evidence["headers"] = .object(shown)
        }
        return evidence
    }
}
