import MCPHTTP
import NIOHTTP1

/// An HTTP request that is about to be sent.
struct ExchangeRequest: Sendable {
    var method: HTTPMethod
    var url: HTTPURL
    var fields: HTTPHeaders
    var body: [UInt8]?
    /// The lowercase names of the fields that the user set; their values are not shown.
    var userFields: Set<String> = []

    /// Method and URL, to start a message with.
    var summary: String { "\(method.rawValue) \(url)" }
}
