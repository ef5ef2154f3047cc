package import JSON
package import JSONRPC
package import MCP
package import MCPClient
import MCPTransport

/// One call of the user with all that belongs to it: its rounds, and the input that the server requested meanwhile.
package struct UserExchange: Sendable {
    /// The numbers of its requests, one per round; reports name the last.
    package private(set) var numbers: [Int]
    package let method: Method
    /// The parameters of the first round, without what the era adds.
    package let params: JSONObject
    /// Nil if there was no response.
    package private(set) var outcome: Outcome?
    /// The answered input requests, in order.
    package private(set) var inputs: [Input] = []
    /// The entries of the last result that requested input, by their keys.
    private var requested = JSONObject()
    private var state: JSONValue?

    package enum Outcome: Sendable {
        case result(JSONValue)
        case error(RPCError)
    }

    /// An input request and its answer.
    package struct Input: Sendable {
        package let kind: ReceivedInputRequest.Kind
        package let request: JSONObject
        package let answer: Outcome
    }

    /// The number that reports name.
    package var number: Int { numbers.last ?? 0 }

    /// Whether the server made a task of it, whose result is not in the response.
    package var isTask: Bool {
        guard case .result(let result) = outcome else { return false }
        return result["resultType"] == "task" || params["task"] != nil
    }

    /// Whether it still waits for input.
    package var needsInput: Bool { !requested.isEmpty || state != nil }

    /// All exchanges of a connection that are still kept whole, oldest first.
    package static func all(on connection: Connection) -> [UserExchange] {
        let silent = connection.silentRequests
        return all(in: connection.client.link.transcript.entries).filter { silent.isDisjoint(with: $0.numbers) }
    }

    static func all(in transcript: [Transcript.Entry]) -> [UserExchange] {
        var reader = TranscriptReader()
        for entry in transcript where entry.bytes.count == entry.byteCount {
            guard case .message(let message) = Frame(received: entry.bytes).content else { continue }
            reader.read(message, entry.direction)
        }
        return reader.exchanges
    }

    fileprivate init(_ number: Int, _ method: String, _ params: JSONObject) {
        numbers = [number]
        self.method = Method(rawValue: method)
        var params = params
        for name in ["_meta", "inputResponses", "requestState"] { params[name] = nil }
        self.params = params
    }

    // MARK: - Rounds

    /// Whether a request goes on with this exchange: it has the state and the keys of the last result.
    fileprivate func goesOn(with method: String, _ params: JSONObject) -> Bool {
        guard needsInput, self.method.rawValue == method, params["requestState"] == state,
            params["name"] == self.params["name"], params["uri"] == self.params["uri"]
        else { return false }
        return (params["inputResponses"]?.object ?? [:]).members.allSatisfy { requested[$0.key] != nil }
    }

    fileprivate mutating func goOn(as number: Int, _ params: JSONObject) {
        numbers.append(number)
        for member in params["inputResponses"]?.object?.members ?? [] {
            guard let entry = requested[member.key], let method = entry["method"]?.string,
                let kind = Self.kind(of: method), let answer = member.value.object
            else { continue }
            inputs.append(Input(kind: kind, request: entry["params"]?.object ?? [:], answer: .result(.object(answer))))
        }
        (requested, state, outcome) = (JSONObject(), nil, nil)
    }

    fileprivate mutating func end(with outcome: Outcome) {
        self.outcome = outcome
        guard case .result(let result) = outcome, result["resultType"] == "input_required" else { return }
        requested = result["inputRequests"]?.object ?? [:]
        state = result["requestState"]
    }

    fileprivate mutating func add(_ input: Input) { inputs.append(input) }

    fileprivate static func kind(of method: String) -> ReceivedInputRequest.Kind? {
        ReceivedInputRequest.Kind.allCases.first { $0.method.rawValue == method }
    }
}

/// Puts the messages of both directions together.
private struct TranscriptReader {
    private(set) var exchanges: [UserExchange] = []
    /// Where the exchange of an open request of ours is.
    private var places: [RequestID: Int] = [:]
    /// The open input requests of the server, each with the exchange that was open when it came.
    private var asked: [RequestID: (place: Int, kind: ReceivedInputRequest.Kind, params: JSONObject)] = [:]

    mutating func read(_ message: Message, _ direction: Transcript.Direction) {
        switch (direction, message) {
        case (.sent, .request(let request)): begin(request)
        case (.received, .response(let id, let result)): end(id, .result(result.value()))
        case (.received, .failure(let id?, let error)): end(id, .error(error))
        case (.received, .request(let request)):
            guard let kind = UserExchange.kind(of: request.method), let place = places.values.max() else { return }
            asked[request.id] = (place, kind, request.params?.value().object ?? [:])
        case (.sent, .response(let id, let result)): answer(id, .result(result.value()))
        case (.sent, .failure(let id?, let error)): answer(id, .error(error))
        default: break
        }
    }

    private mutating func begin(_ request: Message.Request) {
        guard case .integer(let id) = request.id, let number = Int(exactly: id) else { return }
        let params = request.params?.value().object ?? [:]
        if let place = exchanges.lastIndex(where: { $0.goesOn(with: request.method, params) }) {
            exchanges[place].goOn(as: number, params)
            places[request.id] = place
        } else {
            places[request.id] = exchanges.count
            exchanges.append(UserExchange(number, request.method, params))
        }
    }

    private mutating func end(_ id: RequestID, _ outcome: UserExchange.Outcome) {
        guard let place = places.removeValue(forKey: id) else { return }
        exchanges[place].end(with: outcome)
    }

    private mutating func answer(_ id: RequestID, _ answer: UserExchange.Outcome) {
        guard let asked = asked.removeValue(forKey: id) else { return }
        exchanges[asked.place].add(UserExchange.Input(kind: asked.kind, request: asked.params, answer: answer))
    }
}

extension TesterSession {
    /// Uses a connection, which is not idle meanwhile.
    ///
    /// - Throws: ``Failure`` of the class `usage` if there is none with that name.
    package func using<Result>(
        _ name: String?,
        _ body: (Connection) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard let connection = locate(name)?.connection else { throw notConnected(name) }
        connection.idleWatch?.beginUse()
        defer { connection.idleWatch?.endUse() }
        return try await body(connection)
    }
}
