import JSON
import JSONSchema
package import MCPHTTP
import TextUtilities

extension HTTPURL {
    /// Reads the URL of a target.
    ///
    /// - Throws: ``Failure`` of the class `usage`. It does not repeat the URL, which may hold a secret.
    package init(target text: String) throws(Failure) {
        if let mark = text.firstRange(of: "://") {
            let scheme = text[..<mark.lowerBound].lowercased()
            guard ["http", "https"].contains(scheme) else { throw Self.unknown(scheme) }
        }
        do throws(Fault) {
            self = try HTTPURL(text)
        } catch {
            throw .usage(
                "The URL \(error).",
                nextStep: "Write http://HOST:PORT/PATH or https://HOST/PATH, with an IPv6 address in brackets."
            )
        }
    }

    /// The same server with another path and no query, for advice.
    func with(path: String) -> String { origin + path }

    private static func unknown(_ scheme: String) -> Failure {
        let nextStep = "Give an http:// or https:// URL, the path of the server's script, or its command."
        // Anything else before :// may be a user name and a password.
        guard scheme.allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) }) else {
            return .usage("The URL does not begin with http:// or https://.", nextStep: nextStep)
        }
        let close = nearest(scheme, among: ["http", "https"]).map { " Did you mean \($0)://?" } ?? ""
        return .usage(
            "Unknown URL scheme \(scheme)://.\(close)",
            nextStep: nextStep,
            details: ["scheme": .string(scheme)]
        )
    }
}
