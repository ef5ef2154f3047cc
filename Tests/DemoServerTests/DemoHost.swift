import DemoServer
import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization
import TestSupport

/// A host of the demo server in one revision.
struct DemoHost {
    let host: ScriptedHost
    let clock: FakeClock
    let effects: RecordedEffects
    let revision: Revision
    /// The capabilities that the host declares.
    let capabilities: JSONObject

    /// All capabilities of a host.
    static let all: JSONObject = [
        "elicitation": ["form": [:], "url": [:]], "sampling": [:], "roots": [:],
        "extensions": ["io.modelcontextprotocol/tasks": [:]],
    ]

    /// Opens a conversation.
    ///
    /// Waiting takes no time unless the test controls the clock.
    init(
        _ faults: Set<Fault> = [],
        revision: Revision = .latest,
        capabilities: JSONObject = ["sampling": [:]],
        isEager: Bool = true
    ) throws {
        let clock = FakeClock(isEager: isEager)
        let effects = RecordedEffects()
        let demo = DemoServer(faults: faults, includesFixtures: true, scheduler: clock, effects: effects.effects)
        host = ScriptedHost(try demo.conversations())
        self.clock = clock
        self.effects = effects
        self.revision = revision
        self.capabilities = capabilities
    }

    /// Opens the session of a legacy revision.
    @discardableResult
    func open() async throws -> JSONValue? {
        guard revision.era == .legacy else { return nil }
        let params: JSONObject = [
            "protocolVersion": .string(revision.wireName), "capabilities": .object(capabilities),
            "clientInfo": ["name": "test-host", "version": "1"],
        ]
        let answer = try await host.ask("initialize", params)
        host.notify("notifications/initialized")
        return answer
    }

    /// Sends a request in the form of the revision.
    @discardableResult
    func request(_ method: String, _ params: JSONObject = [:], meta: JSONObject = [:]) -> RequestID {
        host.request(method, enveloped(params, meta))
    }

    /// Sends a request and waits for its response, and responds to input requests meanwhile.
    func ask(_ method: String, _ params: JSONObject = [:], meta: JSONObject = [:]) async throws -> JSONValue {
        let id = request(method, params, meta: meta)
        while true {
            let message = try await host.inbox.nextJSON()
            guard let method = message["method"]?.string else {
                if message["id"] == id.value { return message }
                continue
            }
            guard let question = message["id"], let answer = Self.answers[method] else { continue }
            host.send(text: #"{"jsonrpc":"2.0","id":\#(question),"result":\#(answer)}"#)
        }
    }

    /// The responses to input requests.
    static let answers: [String: JSONValue] = [
        "elicitation/create": ["action": "accept", "content": ["name": "Ada", "ok": true]],
        "sampling/createMessage": [
            "role": "assistant", "content": ["type": "text", "text": "Paris"], "model": "test-model",
        ],
        "roots/list": ["roots": [["uri": "file:///one"], ["uri": "file:///two"]]],
    ]

    /// The responses to the input requests in a result.
    static func responses(to result: JSONValue) -> JSONValue {
        let questions = result["inputRequests"]?.object?.members ?? []
        return .object(
            JSONObject(
                questions.map {
                    JSONObject.Member(key: $0.key, value: answers[$0.value["method"]?.string ?? ""] ?? .null)
                }
            )
        )
    }

    /// Calls a tool and returns its result.
    func call(_ tool: String, _ arguments: JSONValue? = nil, meta: JSONObject = [:]) async throws -> JSONValue {
        var params: JSONObject = ["name": .string(tool)]
        params["arguments"] = arguments
        return try await ask("tools/call", params, meta: meta)["result"] ?? .null
    }

    private func enveloped(_ params: JSONObject, _ meta: JSONObject) -> JSONObject? {
        var meta = meta
        if revision.era == .modern {
            meta["io.modelcontextprotocol/protocolVersion"] = .string(revision.wireName)
            meta["io.modelcontextprotocol/clientCapabilities"] = .object(capabilities)
        }
        var params = params
        if !meta.isEmpty { params["_meta"] = .object(meta) }
        return params
    }
}

/// Records the effects of faults on the process.
final class RecordedEffects: Sendable {
    private let state = Mutex<(events: [String], stderr: String)>(([], ""))

    var events: [String] { state.withLock { $0.events } }
    var stderr: String { state.withLock { $0.stderr } }

    var effects: ProcessEffects {
        ProcessEffects(
            writeError: { [self] text in state.withLock { $0.stderr += text } },
            exit: { [self] code in add("exit \(code)") },
            crash: { [self] in add("crash") },
            ignoreTermination: { [self] in add("ignore SIGTERM") },
            hang: { [self] in add("hang") }
        )
    }

    func add(_ event: String) {
        state.withLock { $0.events.append(event) }
    }
}
