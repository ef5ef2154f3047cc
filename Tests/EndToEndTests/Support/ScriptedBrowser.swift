import Foundation
import Testing

/// A browser that opens a URL and follows redirects on this machine, as if the user agreed to everything.
enum ScriptedBrowser {
    /// Opens a URL.
    ///
    /// - Returns: The page at which the redirects end.
    @discardableResult
    static func open(_ text: String) async throws -> RawHTTP.Answer {
        var text = text
        for _ in 0..<5 {
            let url = try #require(URLComponents(string: text))
            let port = try #require(url.port)
            let path = url.percentEncodedPath + (url.percentEncodedQuery.map { "?\($0)" } ?? "")
            let answer = try await RawHTTP.request("GET", port, path, ["Host": "\(url.host ?? ""):\(port)"])
            guard 300..<400 ~= answer.status, let place = answer["location"] else { return answer }
            text = place.hasPrefix("/") ? "http://\(url.host ?? ""):\(port)\(place)" : place
        }
        throw TooManyRedirects()
    }

    /// Comes back from the page of a URL as if the user had refused there.
    @discardableResult
    static func refuse(at text: String) async throws -> RawHTTP.Answer {
        let query = try #require(URLComponents(string: text)?.queryItems)
        let value = { (name: String) in query.first { $0.name == name }?.value ?? "" }
        return try await open("\(value("redirect_uri"))?error=access_denied&state=\(value("state"))")
    }

    struct TooManyRedirects: Error {}
}
