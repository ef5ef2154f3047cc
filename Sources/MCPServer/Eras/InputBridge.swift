import JSON
import JSONRPC
import MCP

/// Sees that a handler gets what it asks for: by a result that says so, or by requests to an older client.
///
/// Source: 2026-07-28, "Multi round-trip requests"; 2025-11-25, "Elicitation", "Sampling" and "Roots".
struct InputBridge {
    /// How often a handler may ask before its request fails.
    static let roundLimit = 10

    let context: RequestContext
    /// Whether the handler is told when a question is not answered; otherwise its request fails.
    var tellsRefusals = false

    /// Runs a handler until it is done, or until the client must be asked by a result.
    func run(_ handler: @escaping HandlerOutcome<MethodResult>.Work) async throws -> Answer {
        var (handler, context) = (handler, context)
        for round in 1...Self.roundLimit {
            context.mayAsk = round < Self.roundLimit || context.revision.has(.inputRequired)
            switch try await handler(context) {
            case .complete(let result): return .complete(result)
            // Whoever knows tasks was given one before it came here.
            case .task(let rest): handler = rest
            case .inputRequired(let result):
                try checkCapabilities(result)
                if context.revision.has(.inputRequired) { return .inputRequired(result) }
                if tellsRefusals {
                    (context.inputResponses, context.inputErrors) = try await askEach(result.questions)
                } else {
                    context.inputResponses = try await ask(result.questions)
                }
                context.requestState = result.requestState
            }
        }
        throw RPCError.endlessQuestions
    }

    /// What a request comes to.
    enum Answer {
        /// It is done.
        case complete(MethodResult)
        /// The client is asked by the result.
        case inputRequired(InputRequiredResult)
    }

    /// Asks one question after the other, as a person would want to be asked.
    func ask(_ questions: [(key: String, request: InputRequest)], meta: JSONObject = [:]) async throws -> JSONObject {
        var answers: JSONObject = [:]
        for (key, question) in questions {
            guard let method = question.method else { continue }
            let reply = try await context.exchange.ask(method, try params(of: question, key: key, meta))
            switch reply.result {
            case .success(let answer): answers[key] = answer.value()
            case .failure(let error):
                throw RPCError.internalError("the client answered \(method) with: \(error)")
            }
        }
        return answers
    }

    /// The same for a handler that wants to know of each question what came of it; also that the client has left.
    private func askEach(
        _ questions: [(key: String, request: InputRequest)]
    ) async throws -> (answers: JSONObject, errors: [String: RPCError]) {
        var answers: JSONObject = [:]
        var errors: [String: RPCError] = [:]
        var end: RPCError?
        for (key, question) in questions {
            guard let method = question.method else { continue }
            let params = try params(of: question, key: key, [:])
            // Who has left or called the request off is asked nothing more.
            if let end {
                errors[key] = end
                continue
            }
            do throws(CallFailure) {
                switch try await context.exchange.ask(method, params).result {
                case .success(let answer): answers[key] = answer.value()
                case .failure(let error): errors[key] = error
                }
            } catch {
                end = .internalError("the client did not answer: \(error)")
                errors[key] = end
            }
        }
        return (answers, errors)
    }

    /// The parameters of a question; a URL needs a name of its own while the revision gives it one.
    private func params(of question: InputRequest, key: String, _ meta: JSONObject) throws -> JSONText? {
        var question = question
        if !meta.isEmpty { question.params = (question.params ?? [:]).adding(meta) }
        guard question.method == .elicitationCreate, var params = question.params.map(ElicitParams.init(json:)) else {
            return question.params.map { JSONText(.object($0)) }
        }
        if params.mode == .url, params.elicitationID == nil {
            params.elicitationID = "\(context.session)-\(context.id)-\(key)"
        }
        return JSONText(try params.adapted(to: context.revision).jsonValue)
    }

    /// A client is never asked for what it did not declare, nor for what its revision does not have.
    func checkCapabilities(_ result: InputRequiredResult) throws {
        var missing = ClientCapabilities()
        for (key, question) in result.questions {
            guard let path = question.neededCapability else {
                throw RPCError.internalError("the question \"\(key)\" is none that a client could be asked")
            }
            if !allows(question, path) { missing.declare(path) }
        }
        if !missing.json.isEmpty { throw MissingClientCapability(missing) }
    }

    private func allows(_ question: InputRequest, _ path: CapabilityPath) -> Bool {
        let profile = context.revision.profile
        let direction = profile.has(.inputRequired) ? Direction.inResult : .serverToClient
        guard let method = question.method, profile.allows(method, direction) else { return false }
        if path == .elicitationURL, !profile.has(.urlElicitation) { return false }
        return context.caller.capabilities.suffices(for: path)
    }
}

extension JSONObject {
    fileprivate func adding(_ meta: JSONObject) -> JSONObject {
        var object = self
        object["_meta"] = .object(JSONObject((self["_meta"]?.object ?? [:]).members + meta.members))
        return object
    }
}

extension RPCError {
    static var endlessQuestions: RPCError {
        .internalError("the request asked for input \(InputBridge.roundLimit) times without coming to an end")
    }
}

extension InputRequest {
    /// What a client must have declared to be asked this; nothing for what is no question.
    fileprivate var neededCapability: CapabilityPath? {
        switch method {
        case .elicitationCreate?: params?["mode"] == "url" ? .elicitationURL : .elicitationForm
        case .samplingCreateMessage?:
            params?["tools"] != nil || params?["toolChoice"] != nil ? .samplingTools : .sampling
        case .rootsList?: .roots
        default: nil
        }
    }
}

extension ClientCapabilities {
    fileprivate func suffices(for path: CapabilityPath) -> Bool {
        path == .elicitationForm ? supportsFormElicitation : has(path)
    }
}
