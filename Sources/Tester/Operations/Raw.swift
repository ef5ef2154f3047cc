public import JSON
import JSONRPC
import MCP
public import MCPClient

extension TesterSession {
    /// A request to send unchanged.
    public enum RawRequest: Sendable {
        /// A method with parameters, to which the era's own `_meta` is added.
        case method(String, params: JSONObject?)
        /// The bytes of one message, which need not be valid.
        case bytes([UInt8])
    }

    /// Sends any method with any parameters, or any bytes, and shows the response.
    public func raw(
        _ request: RawRequest,
        on name: String? = nil,
        limits: ConnectionLimits? = nil
    ) async -> Report {
        await perform(on: name, emptyPayload: ("response", nil)) { operation in
            let label = Self.label(of: request)
            do throws(CallError) {
                let result = try await operation.send(request, limits: limits?.call)
                var report = operation.report("\(label) returned a result")
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

    /// What was sent, for messages.
    static func label(of request: RawRequest) -> String {
        switch request {
        case .method(let method, _): method
        case .bytes: "raw bytes"
        }
    }
}

extension Operation {
    /// Sends a request unchanged.
    ///
    /// - Parameter force: Calls a tool even if its schema forbids calls over HTTP.
    func send(
        _ request: TesterSession.RawRequest,
        limits: CallLimits?,
        fields: [(name: String, value: String)] = [],
        force: Bool = false
    ) async throws(CallError) -> CallResult {
        switch request {
        case .method(let method, let params):
            try await client.call(
                Method(rawValue: method),
                params: params,
                limits: limits,
                fields: fields,
                force: force
            )
        case .bytes(let bytes): try await client.send(raw: bytes, limits: limits, fields: fields)
        }
    }
}
