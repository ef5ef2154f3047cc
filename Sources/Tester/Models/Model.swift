import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPHTTP
import MCPHTTPClient
import MCPTransport

/// A model: it responds to the sampling requests of targets, and to prompts.
struct Model: Sendable {
    /// The name of the model.
    let name: String
    /// The API key, which is never shown.
    let key: String?
    /// Whether the key of the environment is not sent, because it belongs to another endpoint.
    let withheldKey: Bool
    let dialect: ModelDialect
    let request: PlainRequest
    /// The limit of one response.
    let limit: Duration

    /// Removes the key and other credentials from what is shown.
    var secrets: SecretRedactor { request.secrets }

    /// The outcome of a sampling request.
    enum Outcome {
        /// The reply for the target.
        case reply(InputReply)
        /// No reply, with a finding for the user.
        case fault(Finding)
    }

    /// Has the model respond to a sampling request.
    func respond(to request: ReceivedInputRequest, on clock: any Scheduler) async -> Outcome {
        do throws(ModelFault) {
            let params = CreateMessageParams(json: request.params.value().object ?? [:])
            let question = ModelRequest(params)
            let response = try await respond(to: question, body: try dialect.body(of: question, model: name), on: clock)
            do throws(InputReply.Fault) {
                return .reply(try InputReply.read(response.result(requested: name).json, to: request))
            } catch {
                throw ModelFault(
                    "returned a response that does not match the request: \(error.reasons.joined(separator: "; "))"
                )
            }
        } catch {
            return .fault(finding(error))
        }
    }

    /// Sends a request and reads the response.
    ///
    /// - Parameter body: The request in the words of the dialect.
    func respond(
        to question: ModelRequest,
        body: JSONObject,
        on clock: any Scheduler
    ) async throws(ModelFault) -> ModelResponse {
        let reader = ModelFailureReader(model: self)
        let response: PlainRequest.Response
        do throws(PlainRequest.Failure) {
            response = try await request.post(Array(JSONText(.object(body)).bytes), within: limit, on: clock)
        } catch {
            throw reader.fault(error)
        }
        guard (200..<300).contains(response.status) else { throw withholding(reader.fault(response)) }
        guard let json = ModelFailureReader.object(response.body) else { throw reader.unreadable(response) }
        do throws(ModelFault) {
            return try dialect.response(json, to: question)
        } catch {
            throw reader.completing(error, response)
        }
    }

    /// Whether a name can be one of the parameters in llm_config, so that advice may repeat it.
    func isParameter(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 40 && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
    }

    /// Explains a refusal by the key that was not sent.
    private func withholding(_ fault: ModelFault) -> ModelFault {
        guard withheldKey, fault.failureClass == .auth else { return fault }
        var fault = fault
        fault.nextStep =
            "Give `api_key` in llm_config: LLM_API_KEY was not sent, because llm_config.url has another origin than LLM_URL."
        return fault
    }

    private func finding(_ fault: ModelFault) -> Finding {
        var evidence: JSONObject = [
            "error_type": .string(ErrorType.llmRequestError.rawValue), "llm_endpoint": .string(request.place),
            "llm_model": .string(name),
        ]
        for member in fault.details.members { evidence[member.key] = member.value }
        evidence["next_step"] = .string(fault.nextStep)
        return Finding(fault.failureClass, "The model \(fault.message). The user is asked instead.", evidence: evidence)
    }
}
