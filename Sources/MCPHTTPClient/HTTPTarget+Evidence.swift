import JSON
import MCPHTTP

extension HTTPTarget {
    /// How the server is reached, without secrets.
    var evidence: JSONObject {
        var evidence: JSONObject = ["url": .string(url.description)]
        if url.isSecure, !endpoint.tls.verifies {
            evidence["tls_verified"] = false
            evidence["warning"] =
                "the server's certificate is NOT verified: anyone on the network path can read and change data"
        } else if url.isSecure {
            evidence["tls_verified"] = true
        }
        if let proxy = route.proxy { evidence["proxy"] = .string(proxy.origin) }
        var shown = JSONObject()
        for field in fields { shown[field.name] = .string(Redaction.value(ofUserField: field.name, field.value)) }
        if let field = tokens?.field { shown["Authorization"] = .string(Redaction.value(of: "Authorization", field)) }
        if !shown.isEmpty { evidence["headers"] = .object(shown) }
        return evidence
    }
}
