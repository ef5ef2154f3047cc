public import JSON
import TextUtilities

/// Removes the secrets that we sent from text in which a server or proxy may have repeated them.
///
/// Headers and bodies of a response, reason phrases and error texts pass through it before they are shown. Secrets shorter
/// than ``minimumLength`` bytes are left: replacing them would garble unrelated text.
public struct SecretRedactor: Sendable {
    /// The length in bytes from which a secret is looked for.
    public static let minimumLength = 4
    /// The same for values of headers whose names do not mark them as secret.
    private static let minimumLengthOfOthers = 8

    private struct Secret: Sendable {
        var bytes: [UInt8]
        var kind: Redaction.Kind
    }

    /// The secrets in UTF-8, longest first, so that a secret within another one does not hide the longer one.
    private var secrets: [Secret] = []

    /// Creates a redactor that replaces nothing.
    public init() {}

    /// Adds a secret.
    public mutating func add(_ secret: String, _ kind: Redaction.Kind = .token) {
        add(secret, kind, minimumLength: Self.minimumLength)
    }

    /// Adds the secrets of a header: its value, and for `Authorization` the token or the password in it.
    public mutating func add(field name: String, _ value: String) {
        guard !Redaction.isHarmless(name) else { return }
        guard Redaction.isSecret(name) else { return add(value, .header, minimumLength: Self.minimumLengthOfOthers) }
        let kind: Redaction.Kind = name.lowercased().hasSuffix("authorization") ? .token : .header
        add(value, kind)
        guard let space = value.firstIndex(of: " ") else { return }
        let credentials = value[value.index(after: space)...].drop { $0 == " " }
        add(String(credentials), kind)
        guard value[..<space].lowercased() == "basic", let bytes = Base64.decode(credentials.utf8) else { return }
        let pair = String(decoding: bytes, as: UTF8.self)
        add(pair, .password)
        if let colon = pair.firstIndex(of: ":") { add(String(pair[pair.index(after: colon)...]), .password) }
    }

    /// Adds the secrets of a URL: the password before its host, and the values of parameters with secret names.
    public mutating func add(_ url: HTTPURL) {
        if let user = url.userInformation {
            add(field: "Authorization", user.basicCredentials)
        }
        for pair in (url.query ?? "").split(separator: "&") {
            guard let sign = pair.firstIndex(of: "="), Redaction.isSecret(String(pair[..<sign])) else { continue }
            let value = pair[pair.index(after: sign)...]
            add(String(value), .query)
            add(HTTPURL.removingPercentEncoding(value), .query)
        }
    }

    private mutating func add(_ secret: String, _ kind: Redaction.Kind, minimumLength: Int) {
        for form in [secret, Self.escapedAsJSON(secret)] {
            let bytes = Array(form.utf8)
            guard bytes.count >= minimumLength, !secrets.contains(where: { $0.bytes == bytes }) else { continue }
            let place = secrets.firstIndex { $0.bytes.count < bytes.count } ?? secrets.endIndex
            secrets.insert(Secret(bytes: bytes, kind: kind), at: place)
        }
    }

    private static func escapedAsJSON(_ text: String) -> String {
        String(JSONValue.string(text).description.dropFirst().dropLast())
    }
}

// MARK: - Replacing

extension SecretRedactor {
    /// The text without the secrets.
    public func redact(_ text: String) -> String {
        guard !secrets.isEmpty else { return text }
        return redact(Array(text.utf8)[...], isCut: false) ?? text
    }

    /// The beginning of a body as text, without the secrets.
    ///
    /// - Parameter isCut: Whether the body goes on: a secret whose beginning stands at the end is replaced, too.
    public func redact(_ body: [UInt8], isCut: Bool) -> String {
        redact(body[...], isCut: isCut) ?? String(decoding: body, as: UTF8.self)
    }

    /// The value with the secrets removed from all strings in it; keys stay.
    public func redact(_ value: JSONValue) -> JSONValue {
        guard !secrets.isEmpty else { return value }
        switch value {
        case .string(let text): return .string(redact(text))
        case .array(let elements): return .array(elements.map(redact))
        case .object(let object): return .object(redact(object))
        default: return value
        }
    }

    /// The object with the secrets removed from all strings in it; keys stay.
    public func redact(_ object: JSONObject) -> JSONObject {
        guard !secrets.isEmpty else { return object }
        var redacted = JSONObject()
        for member in object.members { redacted.append(member.key, redact(member.value)) }
        return redacted
    }

    /// The bytes as text without the secrets; nil if none occurs.
    private func redact(_ bytes: ArraySlice<UInt8>, isCut: Bool) -> String? {
        var kept: [UInt8] = []
        var isChanged = false
        var position = bytes.startIndex
        while position < bytes.endIndex {
            if let secret = secrets.first(where: { bytes[position...].starts(with: $0.bytes) }) {
                kept += Redaction.placeholder(secret.kind).utf8
                position += secret.bytes.count
                isChanged = true
            } else if isCut, bytes.endIndex - position >= Self.minimumLength,
                let secret = secrets.first(where: { $0.bytes.starts(with: bytes[position...]) })
            {
                kept += Redaction.placeholder(secret.kind).utf8
                position = bytes.endIndex
                isChanged = true
            } else {
                kept.append(bytes[position])
                position += 1
            }
        }
        return isChanged ? String(decoding: kept, as: UTF8.self) : nil
    }
}
