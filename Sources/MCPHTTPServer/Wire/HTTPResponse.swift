import JSON
import JSONRPC
import NIOHTTP1

/// A complete response.
struct HTTPResponse: Sendable {
    typealias Status = HTTPResponseStatus

    var status: Status
    var fields: [(String, String)] = []
    var body: [UInt8] = []

    /// A JSON-RPC message.
    static func json(_ bytes: [UInt8], _ status: Status = .ok) -> HTTPResponse {
        HTTPResponse(status: status, fields: [("Content-Type", "application/json"), noStore], body: bytes)
    }

    /// A JSON-RPC error, without an ID if the request's is unknown.
    static func error(
        _ status: Status,
        _ error: RPCError,
        id: RequestID? = nil,
        fields: [(String, String)] = []
    ) -> HTTPResponse {
        var response = json(id.map { Message.encode(id: $0, error: error) } ?? encode(error), status)
        response.fields += fields
        return response
    }

    /// Refuses a request as invalid.
    static func refusal(
        _ status: Status,
        _ reason: String,
        id: RequestID? = nil,
        fields: [(String, String)] = []
    ) -> HTTPResponse {
        error(status, .invalidRequest(reason), id: id, fields: fields)
    }

    /// Refuses a request because a limit of the server is reached.
    ///
    /// - Parameter delay: After how many seconds the client may try again.
    static func overloaded(_ reason: String, id: RequestID? = nil, retryAfter delay: Int) -> HTTPResponse {
        refusal(.serviceUnavailable, "\(reason); try again later", id: id, fields: [("Retry-After", String(delay))])
    }

    /// A response without a body.
    static func empty(_ status: Status, fields: [(String, String)] = []) -> HTTPResponse {
        HTTPResponse(status: status, fields: fields)
    }

    /// A response is meant for its request only.
    static let noStore = ("Cache-Control", "no-store")

    /// The schemas of the protocol allow no ID of null; the member must be missing.
    private static func encode(_ error: RPCError) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("jsonrpc")
        writer.write("2.0")
        writer.key("error")
        writer.write(error.json)
        writer.endObject()
        return writer.bytes
    }
}
