import MCPHTTP
import NIOHTTP1

/// An HTTP request that is about to be sent.
struct ExchangeRequest: Sendable {
    let head: Head
    let body: [UInt8]?

    /// All but the body.
    ///
    /// A class, because the exchange and its record share it.
    final class Head: Sendable {
        let method: HTTPMethod
        let url: HTTPURL
        let fields: HTTPHeaders
        /// The lowercase names of the fields that the user set; their values are not shown.
        let userFields: Set<String>

        init(_ method: HTTPMethod, _ url: HTTPURL, _ fields: HTTPHeaders, userFields: Set<String>) {
            self.method = method
            self.url = url
            self.fields = fields
            self.userFields = userFields
        }
    }

    init(
        method: HTTPMethod,
        url: HTTPURL,
        fields: HTTPHeaders,
        body: [UInt8]? = nil,
        userFields: Set<String> = []
    ) {
        head = Head(method, url, fields, userFields: userFields)
        self.body = body
    }

    var method: HTTPMethod { head.method }
    var url: HTTPURL { head.url }
    var fields: HTTPHeaders { head.fields }

    /// The same request to another URL.
    func moved(to url: HTTPURL) -> ExchangeRequest {
        ExchangeRequest(method: method, url: url, fields: head.fields, body: body, userFields: head.userFields)
    }

    /// Method and URL, to start a message with.
    var summary: String { "\(method.rawValue) \(url)" }
}
