import JSON
import JSONRPC
import NIOHTTP1

/// A whole answer to a request of HTTP.
struct HTTPResponse: Sendable {
    typealias Status = HTTPResponseStatus

    var status: Status
    var fields: [(String, String)] = []
    var body: [UInt8] = []

    /// A message of the protocol.
    static func json(_ bytes: [UInt8], _ status: HTTPResponseStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, fields: [("Content-Type", "application/json"), noStore], body: bytes)
    }

    /// An error of the protocol; the id is left out where the request's is not known.
    static func error(
        _ status: HTTPResponseStatus,
        _ error: RPCError,
        id: RequestID? = nil,
        fields: [(String, String)] = []
    ) -> HTTPResponse {
        var answer = json(id.map { Message.encode(id: $0, error: error) } ?? encode(error), status)
        answer.fields += fields
        return answer
    }

    /// A refusal of what never became a message.
    static func refusal(
        _ status: HTTPResponseStatus,
        _ reason: String,
        id: RequestID? = nil,
        fields: [(String, String)] = []
    ) -> HTTPResponse {
        error(status, .invalidRequest(reason), id: id, fields: fields)
    }

    /// An answer that says all it has to say by its status.
    static func empty(_ status: HTTPResponseStatus, fields: [(String, String)] = []) -> HTTPResponse {
        HTTPResponse(status: status, fields: fields)
    }

    /// What is said once is not to be said again by a cache.
    static let noStore = ("Cache-Control", "no-store")

    /// The schemas of the protocol know no null id, only none.
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
