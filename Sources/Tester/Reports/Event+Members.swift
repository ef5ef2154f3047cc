import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport

extension EventLog.Entry {
    /// The event as users see it, with the frame that it is about as long as that is kept.
    func members(in frames: [Int: Transcript.Entry]) -> [Report.Member] {
        guard case .noticed = content, let frame = frame.flatMap({ frames[$0] }) else { return members }
        return members + [.init(key: "evidence", value: .value(.object(Evidence.json(of: frame))))]
    }

    /// The event as users see it; text from the target is verbatim.
    var members: [Report.Member] {
        var members: [Report.Member] = [
            .init(key: "number", value: .value(JSONValue(number))),
            .init(key: "at_ms", value: .value(JSONValue(Evidence.rounded(time)))),
            .init(key: "kind", value: .value(.string(kind.rawValue))),
        ]
        if let exchange { members.append(.init(key: "request", value: .value(exchange.value))) }
        return members + content.members
    }
}

extension EventLog.Content {
    fileprivate var members: [Report.Member] {
        switch self {
        case .progress(let params), .log(let params): [.params(params)]
        case .change(let name, let params):
            [.text("method", name.rawValue)] + (params.map { [.params($0)] } ?? [])
        case .task(let name, let params): [.text("method", name.rawValue), .params(params)]
        case .notification(let name, let params): [.text("method", name)] + (params.map { [.params($0)] } ?? [])
        case .standardError(let line): [.text("text", Evidence.text(line, limit: 1000))]
        case .frame(let direction, let bytes):
            [
                .text("direction", direction.rawValue), .text("text", Evidence.text(bytes, limit: 1000)),
            ]
        case .inputRequest(let question):
            [.text("method", question.kind.method.rawValue), .text("key", question.key), .params(question.params)]
        case .inputOutcome(of: let number, let outcome):
            [.init(key: "question", value: .value(JSONValue(number)))] + outcome.members
        case .noticed(let kind): [.text("text", kind.description)]
        case .note(let text): [.text("text", text)]
        }
    }
}

extension EventLog.InputOutcome {
    fileprivate var members: [Report.Member] {
        switch self {
        case .answered(let result): [.init(key: "answered", value: .payload(JSONText(.object(result))))]
        case .refused(let refusal): [.text("refused", refusal.description)]
        case .cancelled: [.init(key: "called_off", value: .value(true))]
        }
    }
}

extension Report.Member {
    fileprivate static func text(_ key: String, _ text: String) -> Report.Member {
        Report.Member(key: key, value: .value(.string(text)))
    }

    fileprivate static func params(_ params: JSONText) -> Report.Member {
        Report.Member(key: "params", value: .payload(params))
    }
}
