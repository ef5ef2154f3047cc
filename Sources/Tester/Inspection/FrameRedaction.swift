import JSON
import MCPHTTP
import MCPHTTPClient

/// Replaces the secrets in frames: those of the target's own configuration, and members whose names mark them as secret.
public struct FrameRedaction: Sendable {
    private var secrets = SecretRedactor()

    /// Creates the redaction for a target.
    public init(of target: Target) {
        for header in target.endpoint?.headers ?? [] { secrets.add(field: header.name, header.value) }
        if let endpoint = target.endpoint {
            do throws(Failure) {
                secrets.add(try HTTPURL(target: endpoint.url))
            } catch {
                // A URL that cannot be parsed is never connected to.
            }
        }
        if case .process(let process) = target.kind {
            for (name, value) in process.environment where Redaction.isSecret(name) { secrets.add(value) }
        }
    }

    /// A frame as it may be shown: JSON without secrets, or the text if it is not JSON.
    public func redact(frame bytes: [UInt8]) -> String {
        let text: String
        do throws(JSONError) {
            text = Self.redact(try JSONValue(parsing: bytes)).description
        } catch {
            text = String(decoding: bytes, as: UTF8.self)
        }
        return secrets.redact(text)
    }

    /// A text as it may be shown.
    public func redact(text: String) -> String { secrets.redact(text) }

    private static func redact(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(redact))
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map { member in
                        let isSecret = Redaction.isSecret(member.key) && !harmless.contains(member.key)
                        guard isSecret, member.value.string != nil else {
                            return .init(key: member.key, value: redact(member.value))
                        }
                        return .init(key: member.key, value: .string(Redaction.placeholder(.argument)))
                    }
                )
            )
        default: return value
        }
    }

    /// Members of the protocol whose names only look secret.
    private static let harmless: Set = ["progressToken", "key", "code", "state"]
}
