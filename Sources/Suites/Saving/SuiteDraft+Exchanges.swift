import JSON
import JSONRPC
import MCP
import MCPClient
import Tester

extension SuiteDraft {
    /// What was observed of a request: now, and when it was silently sent again.
    struct Observation {
        var exchange: UserExchange
        /// Nil if it was not sent again.
        var second: UserExchange.Outcome?
    }

    /// Adds a case for each exchange.
    mutating func add(_ observations: [Observation]) {
        for observation in observations {
            let exchange = observation.exchange
            let client = client(of: [exchange])
            add(Case(name: exchange.caseName, steps: step(for: observation), client: client))
        }
    }

    /// Adds one case whose steps are the exchanges.
    mutating func add(_ observations: [Observation], asCase name: String) {
        var steps: [String] = []
        for observation in observations { steps += step(for: observation) }
        add(Case(name: name, steps: steps, client: client(of: observations.map(\.exchange))))
    }

    // MARK: - Steps

    private mutating func step(for observation: Observation) -> [String] {
        let exchange = observation.exchange
        var lines = action(of: exchange)
        let secrets = secrets
        let expectation = ObservedExpectation(isSecret: secrets.hasSecret)
        let expected: [String]
        switch (exchange.outcome, observation.second) {
        case (.result(let result), .result(let second)?):
            expected = expectation.lines(for: result.withoutEnvelope, second: second.withoutEnvelope, exchange.kind)
        case (.result(let result), _):
            expected = expectation.lines(for: result.withoutEnvelope, second: nil, exchange.kind)
        case (.error(let error), .error(let second)?): expected = expectation.lines(for: error, second: second)
        case (.error(let error), _): expected = expectation.lines(for: error, second: nil)
        case (nil, _): expected = []
        }
        if expected.count == 1, exchange.kind != .tool {
            lines.append("  expect: {\(expected[0])}")
        } else if !expected.isEmpty {
            lines += ["  expect:"] + expected.map { "    \($0)" }
        }
        return lines
    }

    private mutating func action(of exchange: UserExchange) -> [String] {
        let params = exchange.params
        let name = secrets.text(of: params["name"] ?? "", key: "name")
        switch exchange.method {
        case .toolsCall: return ["- call: \(name)"] + arguments(params["arguments"])
        case .promptsGet: return ["- get: \(name)"] + arguments(params["arguments"])
        case .resourcesRead: return ["- read: \(secrets.text(of: params["uri"] ?? "", key: "uri"))"]
        case .completionComplete: return ["- complete: \(completion(params))"]
        default: break
        }
        if let list = exchange.list { return ["- list: \(SuiteKeys.listName(list))"] }
        var raw: JSONObject = ["method": .string(exchange.method.rawValue)]
        if !params.isEmpty { raw["params"] = .object(params) }
        return ["- raw: \(secrets.text(of: .object(raw), key: ""))"]
    }

    private mutating func arguments(_ value: JSONValue?) -> [String] {
        guard let value, value.object?.isEmpty == false else { return [] }
        return ["  args: \(secrets.text(of: value, key: ""))"]
    }

    private mutating func completion(_ params: JSONObject) -> String {
        var fields = JSONObject()
        if let name = params["ref"]?["name"] { fields["prompt"] = name }
        if let uri = params["ref"]?["uri"] { fields["template"] = uri }
        fields["argument"] = params["argument"]?["name"]
        fields["value"] = params["argument"]?["value"]
        fields["context"] = params["context"]?["arguments"]
        return secrets.text(of: .object(fields), key: "")
    }

    // MARK: - Input

    /// The answers to what the server requested, in order, and the root directories.
    private mutating func client(of exchanges: [UserExchange]) -> [String] {
        var answers: [String] = []
        var roots: JSONValue?
        for input in exchanges.flatMap(\.inputs) {
            if input.kind == .roots, case .result(let result) = input.answer {
                roots = result["roots"]
            } else {
                answers.append("  - \(secrets.text(of: .object(answer(to: input)), key: ""))")
            }
        }
        var lines: [String] = []
        if let roots { lines.append("roots: \(secrets.text(of: roots, key: ""))") }
        if !answers.isEmpty { lines += ["answers:"] + answers }
        return lines
    }

    private func answer(to input: UserExchange.Input) -> JSONObject {
        var answer = JSONObject()
        switch (input.answer, input.kind) {
        case (.error(let error), _):
            answer["error"] = .object(error.json)
        case (.result(let result), .elicitation):
            answer["action"] = result["action"]
            answer["content"] = result["content"]
        case (.result(let result), _):
            let text = result["content"]?["text"]
            answer[text == nil ? "message" : "text"] = text ?? result
        }
        if input.kind != .elicitation || answer["error"] != nil || answer["content"] == nil {
            answer["match"] = ["kind": .string(input.kind.rawValue)]
        }
        if let message = input.request["message"], !(message.string.map({ Volatility.isPart(of: $0) }) ?? true) {
            answer["request"] = ["/message": message]
        }
        return answer
    }
}

extension UserExchange {
    fileprivate var caseName: String {
        let subject = params["name"]?.string ?? params["uri"]?.string ?? params["argument"]?["name"]?.string
        return switch method {
        case .toolsCall: subject ?? "call"
        case .resourcesRead: "read \(subject ?? "")"
        case .promptsGet: "prompt \(subject ?? "")"
        case .completionComplete: "complete \(subject ?? "")"
        default: method.rawValue
        }
    }

    fileprivate var list: ListKind? { ListKind.allCases.first { $0.method == method } }

    fileprivate var kind: ResultView.Kind {
        switch method {
        case .toolsCall: .tool
        case .resourcesRead: .resource
        case .promptsGet: .prompt
        case .completionComplete: .completion
        default: list == nil ? .other : .list
        }
    }
}

extension JSONValue {
    /// A result without what an era adds to every result.
    fileprivate var withoutEnvelope: JSONValue {
        guard let object else { return self }
        return .object(
            JSONObject(object.members.filter { !["resultType", "_meta", "ttlMs", "cacheScope"].contains($0.key) })
        )
    }
}
