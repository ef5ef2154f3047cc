import JSON
import JSONSchema
import MCPHTTP
import TextUtilities

extension HTTPURL {
    /// Reads the URL of a target.
    ///
    /// - Throws: ``Failure`` of the class `usage` that says what is wrong and what would be right; the URL itself is not
    ///   repeated, for it may hold a secret.
    init(target text: String) throws(Failure) {
        if let mark = text.firstRange(of: "://") {
            let scheme = text[..<mark.lowerBound].lowercased()
            guard ["http", "https"].contains(scheme) else { throw Self.unknown(scheme) }
        }
        do throws(Fault) {
            self = try HTTPURL(text)
        } catch {
            throw .usage(
                "The URL \(error).",
                nextStep: "Write it as http://HOST:PORT/PATH or https://HOST/PATH, an IPv6 address in brackets."
            )
        }
    }

    /// The same server with another path and no query, for advice.
    func with(path: String) -> String { origin + path }

    private static func unknown(_ scheme: String) -> Failure {
        let close = nearest(scheme, among: ["http", "https"]).map { " Did you mean \($0)://?" } ?? ""
        return .usage(
            "\(scheme):// names no way to a server.\(close)",
            nextStep: "Give an http:// or https:// URL, the path of the server's file, or its command.",
            details: ["scheme": .string(scheme)]
        )
    }
}
