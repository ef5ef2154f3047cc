public import JSON
import JSONRPC
import MCP
public import MCPClient

extension TesterSession {
    /// Something to send as it is.
    public enum RawRequest: Sendable {
        /// A method with parameters, to which the era adds what it asks for.
        case method(String, params: JSONObject?)
        /// Bytes of one message, which need not be valid.
        case bytes([UInt8])
    }

    /// Sends any method with any parameters, or any bytes at all, and shows what came back.
    public func raw(
        _ request: RawRequest,
        on name: String? = nil,
        limits: ConnectionLimits? = nil
    ) async -> Report {
        await ask(on: name, emptyPayload: ("response", nil)) { question in
            let label = Self.label(of: request)
            do throws(CallError) {
                let result: CallResult
                switch request {
                case .method(let method, let params):
                    result = try await question.client.call(
                        Method(rawValue: method),
                        params: params,
                        limits: limits?.call
                    )
                case .bytes(let bytes):
                    result = try await question.client.send(raw: bytes, limits: limits?.call)
                }
                var answer = question.answer("\(label) answered with a result")
                answer.add("response", .object([.init(key: "result", value: .payload(result.result))]))
                answer.addEvents(since: question, of: result.requests)
                answer.add("metadata", .object(question.metadataWithStatistics))
                return answer
            } catch {
                let failure = question.failure(error, asking: label)
                return question.answer(failure, emptyPayload: ("response", nil))
            }
        }
    }

    private static func label(of request: RawRequest) -> String {
        switch request {
        case .method(let method, _): method
        case .bytes: "raw bytes"
        }
    }
}
