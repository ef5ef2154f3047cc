import JSON
import JSONRPC
import MCPClient
import MCPTransport

/// One request of a connection and its response, as the transcript has them.
///
/// Its number is the id of the request, which also the events of the connection carry.
struct RecordedExchange {
    let number: Int
    let method: String
    let params: JSONText?
    let request: Transcript.Entry
    var response: Transcript.Entry?
    /// The result or the error.
    var outcome: Outcome?

    enum Outcome {
        case result(JSONText)
        case error(RPCError)
    }

    /// All exchanges that are still kept, oldest first.
    static func all(in transcript: [Transcript.Entry]) -> [RecordedExchange] {
        var exchanges: [RecordedExchange] = []
        var indices: [Int: Int] = [:]
        for entry in transcript where entry.bytes.count == entry.byteCount {
            guard case .message(let message) = Frame(received: entry.bytes).content else { continue }
            switch (entry.direction, message) {
            case (.sent, .request(let request)):
                guard let number = request.id.number else { continue }
                indices[number] = exchanges.count
                exchanges.append(
                    RecordedExchange(number: number, method: request.method, params: request.params, request: entry)
                )
            case (.received, .response(let id, let result)):
                guard let index = id.number.flatMap({ indices[$0] }) else { continue }
                exchanges[index].response = entry
                exchanges[index].outcome = .result(result)
            case (.received, .failure(let id?, let error)):
                guard let index = id.number.flatMap({ indices[$0] }) else { continue }
                exchanges[index].response = entry
                exchanges[index].outcome = .error(error)
            default: break
            }
        }
        return exchanges
    }

    /// The exchange with a number.
    ///
    /// - Throws: ``Failure`` of the class `usage` with the numbers that exist.
    static func find(_ number: Int, on connection: Connection) throws(Failure) -> RecordedExchange {
        let exchanges = all(in: connection.client.link.transcript.entries)
        if let exchange = exchanges.last(where: { $0.number == number }) { return exchange }
        let numbers = exchanges.map(\.number)
        throw .usage(
            "Connection \"\(connection.name)\" has no exchange \(number).",
            nextStep: numbers.isEmpty
                ? "No exchange is kept: call something first."
                : "Use a number from \(numbers.min() ?? 0) to \(numbers.max() ?? 0); inspect_raw without arguments lists them.",
            details: ["exchanges": .array(numbers.suffix(50).map { JSONValue($0) })]
        )
    }

    /// What the request is about: the tool, the prompt or the URI.
    var subject: String? { params?["name"]?.string ?? params?["uri"]?.string }

    /// The result or the error as one object, for comparing.
    var value: JSONValue? {
        switch outcome {
        case .result(let result): ["result": result.value()]
        case .error(let error): ["error": .object(error.json)]
        case nil: nil
        }
    }

    /// One line of a list of exchanges.
    var summary: JSONValue {
        var object: JSONObject = ["exchange": JSONValue(number), "method": .string(method)]
        if let subject { object["subject"] = .string(subject) }
        object["at_ms"] = JSONValue(Evidence.rounded(request.time))
        if let response { object["elapsed_ms"] = JSONValue(Evidence.rounded(response.time - request.time)) }
        switch outcome {
        case .result(let result):
            object["outcome"] = .string(result["isError"]?.bool == true ? "result with isError" : "result")
        case .error(let error): object["outcome"] = .string("error \(error.code)")
        case nil: object["outcome"] = "no response"
        }
        return .object(object)
    }
}

extension RequestID {
    /// The number, if it is one.
    fileprivate var number: Int? {
        if case .integer(let number) = self { Int(exactly: number) } else { nil }
    }
}
