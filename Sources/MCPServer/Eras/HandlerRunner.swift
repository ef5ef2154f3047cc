import JSON
import JSONRPC
import MCP

/// Runs a handler, and obtains the input that it requests from a legacy client by requests.
///
/// A stateless client receives the input requests as the result, and repeats its request with the responses.
/// Source: 2026-07-28, "Multi round-trip requests"; 2025-11-25, "Elicitation", "Sampling" and "Roots".
struct HandlerRunner {
    /// The number of times that a handler may request input before its request fails.
    static let roundLimit = 10

    let context: RequestContext
    /// Whether the handler receives the errors of input requests.
    ///
    /// If not, they fail its request.
    var deliversInputErrors = false

    /// The result of a handler.
    enum Result {
        case complete(MethodResult)
        /// The client has to provide input first. Occurs in the stateless era only.
        case inputRequired(InputRequiredResult)
    }

    /// Runs a handler until it completes or a stateless client has to provide input.
    func run(_ handler: Kernel.MethodHandler, _ params: ReceivedParams) async throws -> Result {
        let outcome = try await handler(params, context)
        if case .complete(let result) = outcome { return .complete(result) }
        return try await proceed(from: outcome, handler, params)
    }

    private func proceed(
        from first: HandlerOutcome<MethodResult>,
        _ handler: Kernel.MethodHandler,
        _ params: ReceivedParams
    ) async throws -> Result {
        var (context, outcome) = (context, first)
        var rest: HandlerOutcome<MethodResult>.Work?
        var round = 1
        while true {
            switch outcome {
            case .complete(let result): return .complete(result)
            // Clients that support tasks were given one earlier.
            case .task(let work): rest = work
            case .inputRequired(let result):
                try checkCapabilities(result)
                if context.revision.has(.inputRequired) { return .inputRequired(result) }
                (context.inputResponses, context.inputErrors) = try await send(result.questions)
                context.requestState = result.requestState
            }
            guard round < Self.roundLimit else { throw RPCError.tooManyRounds }
            round += 1
            context.mayAsk = round < Self.roundLimit || context.revision.has(.inputRequired)
            outcome = if let rest { try await rest(context) } else { try await handler(params, context) }
        }
    }

    /// Sends input requests one after another, because a person may have to answer each.
    ///
    /// - Throws: the first error of the client or the connection, unless the handler receives errors.
    func send(
        _ requests: [KeyedInputRequest],
        meta: JSONObject = [:]
    ) async throws -> (responses: JSONObject, errors: [String: RPCError]) {
        var responses: JSONObject = [:]
        var errors: [String: RPCError] = [:]
        var disconnection: RPCError?
        for (key, request) in requests {
            guard let method = request.method else { continue }
            let params = try params(of: request, key: key, meta)
            if let disconnection {
                errors[key] = disconnection
                continue
            }
            do throws(CallFailure) {
                switch try await context.exchange.ask(method, params).result {
                case .success(let response): responses[key] = response.value()
                case .failure(let error): errors[key] = error
                }
            } catch {
                guard deliversInputErrors else { throw error }
                disconnection = .internalError("no response from the client: \(error)")
                errors[key] = disconnection
            }
            if let error = errors[key], !deliversInputErrors {
                throw RPCError.internalError("the client failed \(method): \(error)")
            }
        }
        return (responses, errors)
    }

    /// The parameters of an input request.
    ///
    /// 2025-11-25 requires an ID in elicitations by URL.
    private func params(of request: InputRequest, key: String, _ meta: JSONObject) throws -> JSONText? {
        var request = request
        if !meta.isEmpty { request.params = (request.params ?? [:]).adding(meta) }
        guard request.method == .elicitationCreate, var params = request.params.map(ElicitParams.init(json:)) else {
            return request.params.map { JSONText(.object($0)) }
        }
        if params.mode == .url, params.elicitationID == nil {
            params.elicitationID = "\(context.session)-\(context.id)-\(key)"
        }
        return JSONText(try params.adapted(to: context.revision).jsonValue)
    }

    /// Checks that the client declared what the input requests need, and that its revision has it.
    func checkCapabilities(_ result: InputRequiredResult) throws {
        var missing = ClientCapabilities()
        for (key, request) in result.questions {
            guard let path = request.neededCapability else {
                throw RPCError.internalError("the input request \"\(key)\" has a method that clients do not serve")
            }
            if !allows(request, path) { missing.declare(path) }
        }
        if !missing.json.isEmpty { throw MissingClientCapability(missing) }
    }

    private func allows(_ request: InputRequest, _ path: CapabilityPath) -> Bool {
        let profile = context.revision.profile
        let direction = profile.has(.inputRequired) ? Direction.inResult : .serverToClient
        guard let method = request.method, profile.allows(method, direction) else { return false }
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
    static var tooManyRounds: RPCError {
        .internalError("the handler requested input \(HandlerRunner.roundLimit) times without completing")
    }

    /// A response to an input request that is not an object.
    static func invalidResponse(_ key: String, _ value: JSONValue) -> RPCError {
        .invalidParams("the response to \"\(key)\" must be an object, not \(value.typeName)")
    }
}

extension InputRequest {
    /// The capability that the client must have declared, or nil if clients do not serve the method.
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
