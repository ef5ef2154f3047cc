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
        await perform(on: name, emptyPayload: ("response", nil)) { operation in
            let label = Self.label(of: request)
            do throws(CallError) {
                let result: CallResult
                switch request {
                case .method(let method, let params):
                    result = try await operation.client.call(
                        Method(rawValue: method),
                        params: params,
                        limits: limits?.call
                    )
                case .bytes(let bytes):
                    result = try await operation.client.send(raw: bytes, limits: limits?.call)
                }
                var report = operation.report("\(label) answered with a result")
                report.add("response", .object([.init(key: "result", value: .payload(result.result))]))
                report.addEvents(since: operation, of: result.requests)
                report.add("metadata", .object(operation.metadataWithStatistics))
                return report
            } catch {
                let failure = operation.failure(error, during: label)
                return operation.report(failure, emptyPayload: ("response", nil))
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
