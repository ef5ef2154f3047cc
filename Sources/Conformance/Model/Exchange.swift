package import JSON
import JSONRPC

/// One message to the server and everything that came back for it.
package struct Exchange: Sendable {
    /// One message of the server.
    struct Received: Sendable {
        let bytes: [UInt8]
        /// Nil if the bytes are not JSON.
        let value: JSONValue?
        /// The ID of the event that carried it.
        var eventID: String?

        init(_ bytes: [UInt8], eventID: String? = nil) {
            self.bytes = bytes
            self.eventID = eventID
            do throws(JSONError) {
                value = try JSONValue(parsing: bytes)
            } catch {
                value = nil
            }
        }

        var text: String { shortened(String(decoding: bytes, as: UTF8.self)) }
    }

    /// The HTTP side of it.
    struct HTTP: Sendable {
        var method = "POST"
        var sentFields: [(name: String, value: String)] = []
        /// Nil if there was no response.
        var status: Int?
        var fields: [(name: String, value: String)] = []
        var body: [UInt8] = []
        /// Whether the stream was still open some time after the response.
        var staysOpen = false
        /// Why there was no response.
        var failure: String?

        func field(_ name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        var mediaType: String? {
            field("Content-Type")?.split(separator: ";").first.map {
                $0.filter { !$0.isWhitespace }.lowercased()
            }
        }

        var isStream: Bool { mediaType == "text/event-stream" }
    }

    /// What was sent, as text.
    package let sent: String
    /// The message that was sent; null if it is not JSON.
    let message: JSONValue
    var http: HTTP?
    /// The messages that arrived until the response, and over HTTP until the end of its stream.
    var received: [Received] = []
    /// The position of the response in ``received``; nil if none came.
    var responseIndex: Int?
    /// Why the response is missing, such as the exit of the server; nil if there is a response.
    var end: String?

    init(sent bytes: [UInt8], http: HTTP? = nil) {
        sent = shortened(String(decoding: bytes, as: UTF8.self))
        message = Received(bytes).value ?? .null
        self.http = http
    }

    var method: String? { message["method"]?.string }
    /// The result or error message.
    var response: JSONValue? { responseIndex.flatMap { received[$0].value } }
    var result: JSONValue? { response?["result"] }
    var error: JSONValue? { response?["error"] }
    var errorCode: Int? { error?["code"]?.int }
    var status: Int? { http?.status }
    /// The messages with a method: notifications, and requests of the server.
    var notifications: [JSONValue] { received.compactMap(\.value).filter { $0["method"] != nil && $0["id"] == nil } }
    /// The requests of the server.
    var requests: [JSONValue] { received.compactMap(\.value).filter { $0["method"] != nil && $0["id"] != nil } }

    /// The response in a few words.
    var outcome: String {
        let status = status.map { "HTTP \($0), " } ?? ""
        if let error {
            return "\(status)error \(error["code"]?.description ?? "without code"): \(shown(error["message"]))"
        }
        if let result { return "\(status)a result: \(shown(result))" }
        if let failure = http?.failure { return failure }
        if http?.status != nil { return "\(status)no JSON-RPC response" }
        return end ?? "no response"
    }

    private func shown(_ value: JSONValue?) -> String {
        shortened(value?.string ?? value?.description ?? "none", to: 160)
    }

    /// What a reader sees of it.
    package var json: JSONObject {
        var object: JSONObject = ["sent": .string(sent)]
        if let http {
            var part: JSONObject = ["method": .string(http.method)]
            part["headers"] = .object(JSONObject(http.sentFields.map { .init(key: $0.name, value: .string($0.value)) }))
            if let status = http.status { part["status"] = JSONValue(status) }
            part["response_headers"] = .object(
                JSONObject(http.fields.map { .init(key: $0.name, value: .string($0.value)) })
            )
            object["http"] = .object(part)
        }
        object["received"] = .array(received.suffix(6).map { .string($0.text) })
        if received.isEmpty, let http, !http.body.isEmpty {
            object["received"] = [.string(shortened(String(decoding: http.body, as: UTF8.self)))]
        }
        if let end { object["ended"] = .string(end) }
        return object
    }
}

/// The beginning of a text that may be long.
func shortened(_ text: String, to limit: Int = 600) -> String {
    text.utf8.count > limit && text.count > limit ? "\(text.prefix(limit - 1))…" : text
}
