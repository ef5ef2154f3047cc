package import AsyncRuntime
import JSONRPC
import MCPHTTP
package import MCPTransport
import NIOHTTP1
import Synchronization

/// One POST of JSON to an endpoint that is no MCP server, such as a model: by the same means, with the same limits and
/// the same words for what goes wrong on the way.
package struct PlainRequest: Sendable {
    private let target: HTTPTarget

    /// What came back, whatever its status.
    package struct Response: Sendable {
        /// The status.
        package var status: Int
        /// The body, within the limit of the endpoint.
        package var body: [UInt8]
    }

    /// Why nothing came back.
    package enum Failure: Error, Sendable {
        /// The way there or back.
        case transport(TransportFailure)
        /// There was no whole answer within this time.
        case timeout(Duration)
        /// Nobody wants the answer any more.
        case cancelled
    }

    /// Prepares a request; redirects are not followed, for what is sent is not for others.
    ///
    /// - Throws: `TransportFailure` of the kind `usage` or `proxy` where the endpoint cannot be used.
    package init(to endpoint: HTTPEndpoint) throws(TransportFailure) {
        var endpoint = endpoint
        endpoint.followsRedirects = false
        target = try HTTPTarget(endpoint)
    }

    /// Where it goes, with nothing secret in it.
    package var place: String { target.url.description }

    /// Sends it and waits for the whole answer; cancelling the task closes the connection.
    ///
    /// - Parameters:
    ///   - body: The JSON.
    ///   - limit: How long all of it may take.
    ///   - clock: On which that is measured.
    package func post(
        _ body: [UInt8],
        within limit: Duration,
        on clock: any Scheduler
    ) async throws(Failure) -> Response {
        let wire: Wire
        do throws(TransportFailure) {
            wire = try Wire(target, scheduler: clock)
        } catch {
            throw .transport(error)
        }
        let wait = Wait()
        let exchange = HTTPExchange(plan(body), on: wire) { wait.take($0) }
        let deadline = clock.schedule(at: clock.now.advanced(by: limit)) { wait.end(.failure(.timeout(limit))) }
        let result = await withTaskCancellationHandler {
            exchange.start()
            return await wait.result()
        } onCancel: {
            wait.end(.failure(.cancelled))
        }
        deadline.cancel()
        exchange.cancel()
        await wire.close()
        return try result.get()
    }

    private func plan(_ body: [UInt8]) -> ExchangePlan {
        var fields = HTTPHeaders([("Content-Type", "application/json"), ("Accept", "application/json")])
        for field in target.fields { fields.add(name: field.name, value: field.value) }
        let userFields = Set(target.fields.map { $0.name.lowercased() })
        return ExchangePlan(method: .POST, url: target.url, fields: fields, body: body, userFields: userFields)
    }

    /// The one who waits for what comes first: the answer, a failure, the end of patience.
    private final class Wait: Sendable {
        private struct State {
            var result: Result<Response, Failure>?
            var waiter: CheckedContinuation<Result<Response, Failure>, Never>?
        }

        private let state = Mutex(State())

        func take(_ step: ExchangeStep) {
            switch step {
            case .answer(let answer):
                end(.success(Response(status: Int(answer.status.code), body: answer.body)))
            case .failed(let failure): end(.failure(.transport(failure)))
            case .streaming:
                let reason = "the answer is a stream of events, where one JSON object was expected"
                end(.failure(.transport(TransportFailure(.content, reason))))
            case .event, .ended: break
            }
        }

        func end(_ result: Result<Response, Failure>) {
            let waiter = state.withLock { state -> CheckedContinuation<Result<Response, Failure>, Never>? in
                guard state.result == nil else { return nil }
                state.result = result
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: result)
        }

        func result() async -> Result<Response, Failure> {
            await withCheckedContinuation { continuation in
                let result = state.withLock { state in
                    if state.result == nil { state.waiter = continuation }
                    return state.result
                }
                if let result { continuation.resume(returning: result) }
            }
        }
    }
}
