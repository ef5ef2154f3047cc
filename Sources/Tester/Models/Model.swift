import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPHTTP
import MCPHTTPClient
import MCPTransport

/// A model that responds to the sampling requests of targets.
struct Model: Sendable {
    /// The name of the model.
    let name: String
    /// The API key, which is never shown.
    let key: String?
    let request: PlainRequest
    /// The limit of one response.
    let limit: Duration

    /// The outcome of a request to the model.
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
            let body = JSONText(.object(try ChatRequest(params, model: name).json))
            let response = try await post(Array(body.bytes), on: clock)
            let result = try ChatResponse(response, to: params, model: name).result
            do throws(InputReply.Fault) {
                return .reply(try InputReply.read(result.json, to: request))
            } catch {
                throw ModelFault(
                    "returned a response that does not match the request: \(error.reasons.joined(separator: "; "))"
                )
            }
        } catch {
            return .fault(finding(error))
        }
    }

    private func post(_ body: [UInt8], on clock: any Scheduler) async throws(ModelFault) -> JSONObject {
        let response: PlainRequest.Response
        do throws(PlainRequest.Failure) {
            response = try await self.request.post(body, within: limit, on: clock)
        } catch {
            switch error {
            case .transport(let failure):
                throw ModelFault("could not be reached: \(failure.message)")
            case .timeout(let limit):
                var fault = ModelFault("did not respond within \(limit.seconds)")
                fault.failureClass = .timeout
                throw fault
            case .cancelled: throw ModelFault("was cancelled")
            }
        }
        let json = Self.object(response.body)
        guard (200..<300).contains(response.status) else {
            var fault = ModelFault("returned status \(response.status)\(hint(for: response.status))")
            fault.failureClass = response.status == 401 || response.status == 403 ? .auth : .transport
            fault.evidence = ["status": JSONValue(response.status), "said": .string(excerpt(json, response.body))]
            throw fault
        }
        guard let json else {
            var fault = ModelFault("returned a body that is not a JSON object")
            fault.evidence = ["status": JSONValue(response.status), "said": .string(excerpt(nil, response.body))]
            throw fault
        }
        return json
    }

    /// The body as an object; `nil` if it is not one.
    private static func object(_ body: [UInt8]) -> JSONObject? {
        do throws(JSONError) {
            return try JSONValue(parsing: body).object
        } catch {
            return nil
        }
    }

    private func hint(for status: Int) -> String {
        switch status {
        case 401, 403: " (check LLM_API_KEY)"
        case 404: " (check LLM_URL, which often ends in /v1, and LLM_MODEL_NAME)"
        case 300..<400: " (redirects are not followed: set LLM_URL to the final URL)"
        default: ""
        }
    }

    /// What the endpoint says about its failure, without the key that some repeat there.
    private func excerpt(_ json: JSONObject?, _ body: [UInt8]) -> String {
        let said = json?["error"]?["message"]?.string ?? json?["error"]?.string ?? String(decoding: body, as: UTF8.self)
        var shown = said
        if let key, !key.isEmpty {
            while let place = shown.firstRange(of: key) {
                shown.replaceSubrange(place, with: Redaction.placeholder(.key))
            }
        }
        return Evidence.text(Array(shown.utf8), limit: 500)
    }

    private func finding(_ fault: ModelFault) -> Finding {
        var evidence: JSONObject = [
            "error_type": .string(ErrorType.llmRequestError.rawValue), "llm_endpoint": .string(request.place),
            "llm_model": .string(name),
        ]
        for member in fault.evidence.members { evidence[member.key] = member.value }
        let sentence = "The model \(fault.message). The user is asked instead."
        return Finding(fault.failureClass, sentence, evidence: evidence)
    }
}
