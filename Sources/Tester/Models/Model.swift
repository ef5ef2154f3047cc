import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport

/// A model that answers what targets ask by sampling.
struct Model: Sendable {
    /// By what name it is asked for.
    let name: String
    /// Never shown.
    let key: String?
    let request: PlainRequest
    /// How long one answer may take in all.
    let limit: Duration

    /// Why it gave no answer that could be passed on.
    struct Fault: Error {
        /// A clause that can follow "the model".
        var message: String
        var failureClass = FailureClass.transport
        var evidence: JSONObject = [:]

        init(_ message: String) {
            self.message = message
        }
    }

    /// What came of asking it.
    enum Outcome {
        /// This goes to the target.
        case reply(InputReply)
        /// Nothing, which the user is told.
        case fault(Report.Finding)
    }

    /// Asks it what a target wants to know.
    func answer(_ question: ReceivedInputRequest, on clock: any Scheduler) async -> Outcome {
        do throws(Fault) {
            let params = CreateMessageParams(json: question.params.value().object ?? [:])
            let body = JSONText(.object(try ChatRequest(params, model: name).json))
            let response = try await post(Array(body.bytes), on: clock)
            let result = try ChatResponse(response, to: params, model: name).result
            do throws(InputReply.Fault) {
                return .reply(try InputReply.read(result.json, to: question))
            } catch {
                throw Fault("gave an answer that is none to this question: \(error.reasons.joined(separator: "; "))")
            }
        } catch {
            return .fault(finding(error))
        }
    }

    private func post(_ body: [UInt8], on clock: any Scheduler) async throws(Fault) -> JSONObject {
        let response: PlainRequest.Response
        do throws(PlainRequest.Failure) {
            response = try await request.post(body, within: limit, on: clock)
        } catch {
            switch error {
            case .transport(let failure):
                throw Fault("could not be asked: \(failure.message)")
            case .timeout(let limit):
                var fault = Fault("did not answer within \(limit.seconds)")
                fault.failureClass = .timeout
                throw fault
            case .cancelled: throw Fault("was not waited for")
            }
        }
        let json = Self.object(response.body)
        guard (200..<300).contains(response.status) else {
            var fault = Fault("answered with the status \(response.status)\(hint(for: response.status))")
            fault.failureClass = response.status == 401 || response.status == 403 ? .auth : .transport
            fault.evidence = ["status": JSONValue(response.status), "said": .string(excerpt(json, response.body))]
            throw fault
        }
        guard let json else {
            var fault = Fault("answered with something that is no JSON object")
            fault.evidence = ["status": JSONValue(response.status), "said": .string(excerpt(nil, response.body))]
            throw fault
        }
        return json
    }

    /// The body as an object; nothing where it is none.
    private static func object(_ body: [UInt8]) -> JSONObject? {
        do throws(JSONError) {
            return try JSONValue(parsing: body).object
        } catch {
            return nil
        }
    }

    private func hint(for status: Int) -> String {
        switch status {
        case 401, 403: " (look at LLM_API_KEY)"
        case 404: " (look at LLM_URL, which often ends in /v1, and at LLM_MODEL_NAME)"
        case 300..<400: " (redirects are not followed: set LLM_URL to the place itself)"
        default: ""
        }
    }

    /// What the endpoint says about its failure; some repeat the key there.
    private func excerpt(_ json: JSONObject?, _ body: [UInt8]) -> String {
        let said = json?["error"]?["message"]?.string ?? json?["error"]?.string ?? String(decoding: body, as: UTF8.self)
        var shown = said
        if let key, !key.isEmpty {
            while let place = shown.firstRange(of: key) { shown.replaceSubrange(place, with: "[redacted]") }
        }
        return Evidence.text(Array(shown.utf8), limit: 500)
    }

    private func finding(_ fault: Fault) -> Report.Finding {
        var evidence: JSONObject = [
            "error_type": .string(ErrorType.llmRequestError.rawValue), "llm_endpoint": .string(request.place),
            "llm_model": .string(name),
        ]
        for member in fault.evidence.members { evidence[member.key] = member.value }
        let sentence = "The model \(fault.message); the question was asked of the user instead."
        return Report.Finding(fault.failureClass, sentence, evidence: evidence)
    }
}
