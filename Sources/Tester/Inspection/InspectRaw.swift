import JSON
import JSONRPC
import MCP
public import MCPClient
public import MCPHTTPClient
import MCPTransport

extension TesterSession {
    /// What to inspect on a connection.
    public enum Inspection: Sendable {
        /// A request that may be sent.
        case request(RawRequest, isSent: Bool)
        /// An exchange that took place, by its number.
        case exchange(Int)
        /// The exchanges that took place.
        case exchanges
    }

    /// Shows the bytes and headers of a request, and the response if it is sent or was sent before.
    ///
    /// - Parameter headers: HTTP headers of this request only.
    public func inspect(
        _ inspection: Inspection,
        headers: [HTTPField] = [],
        on name: String? = nil,
        limits: ConnectionLimits? = nil
    ) async -> Report {
        let needsServer = if case .request(_, isSent: true) = inspection { true } else { false }
        return await perform(on: name, headers: headers, needsServer: needsServer, emptyPayload: ("request", nil)) {
            switch inspection {
            case .request(let request, isSent: false): await Self.preview(request, headers, $0)
            case .request(let request, isSent: true): await Self.send(request, headers, limits, $0)
            case .exchange(let number): Self.show(number, $0)
            case .exchanges: Self.showAll($0)
            }
        }
    }

    // MARK: - Not sent

    private static func preview(_ request: RawRequest, _ headers: [HTTPField], _ operation: Operation) async -> Report {
        let shown = await shown(request, headers, operation)
        var report = operation.report("\(label(of: request)) as it would be sent; nothing was sent")
        report.add("request", .object(shown))
        report.add("metadata", .object(operation.metadata))
        return report
    }

    /// A request as it would be sent now.
    private static func shown(
        _ request: RawRequest,
        _ headers: [HTTPField],
        _ operation: Operation
    ) async -> [Report.Member] {
        switch request {
        case .method(let method, let params):
            let preview = await operation.client.preview(
                Method(rawValue: method),
                params: params,
                fields: headers.fields
            )
            return message(preview.bytes, carrier: preview.carrier)
        case .bytes(let bytes):
            return message(bytes, carrier: await operation.client.preview(raw: bytes, fields: headers.fields))
        }
    }

    private static func message(_ bytes: [UInt8], carrier: JSONObject?) -> [Report.Member] {
        var members: [Report.Member] = (carrier?.members ?? []).map {
            .init(key: $0.key == "request_headers" ? "headers" : $0.key, value: .value($0.value))
        }
        members.append(.init(key: "text", value: .payload(JSONText(.string(String(decoding: bytes, as: UTF8.self))))))
        members.append(.init(key: "bytes", value: .value(JSONValue(bytes.count))))
        return members
    }

    // MARK: - Sent

    private static func send(
        _ request: RawRequest,
        _ headers: [HTTPField],
        _ limits: ConnectionLimits?,
        _ operation: Operation
    ) async -> Report {
        let label = label(of: request)
        let mark = operation.client.link.transcript.count
        let shown = await shown(request, headers, operation)
        do throws(CallError) {
            let result = try await operation.send(request, limits: limits?.call, fields: headers.fields, force: true)
            var report = operation.report("\(label) returned a result")
            report.members = wire(shown, since: mark, result.requests, elapsed: result.elapsed, operation)
            report.add("result", .payload(result.result))
            report.addEvents(since: operation, of: result.requests)
            report.add("metadata", .object(operation.metadataWithStatistics))
            return report
        } catch {
            let failure = operation.failure(error, during: label)
            let members = wire(shown, since: mark, error.requests, elapsed: error.elapsed, operation)
            return operation.report(failure, payload: members, metadata: operation.metadata)
        }
    }

    /// The frames since a mark, and the HTTP exchange of the last of the requests.
    private static func wire(
        _ shown: [Report.Member],
        since mark: Int,
        _ requests: [RequestID],
        elapsed: Duration,
        _ operation: Operation
    ) -> [Report.Member] {
        let link = operation.client.link
        let entries = link.transcript.entries.filter { $0.number > mark }
        let exchange = requests.last.flatMap { link.transport.evidence(of: $0) }
        let received = entries.filter { $0.direction == .received }
        return [
            .init(key: "request", value: .object(shown)),
            .init(key: "response", value: .object(response(received, exchange, elapsed: elapsed))),
        ]
    }

    private static func response(
        _ frames: [Transcript.Entry],
        _ exchange: JSONObject?,
        elapsed: Duration?
    ) -> [Report.Member] {
        var members: [Report.Member] = []
        for member in exchange?.members ?? [] where !["method", "url", "request_headers"].contains(member.key) {
            let key = member.key == "response_headers" ? "headers" : member.key
            members.append(.init(key: key, value: .value(member.value)))
        }
        if let elapsed { members.append(.init(key: "elapsed_ms", value: .value(JSONValue(Evidence.rounded(elapsed))))) }
        let shown = frames.suffix(20).map { entry in
            Report.Part.object([
                .init(key: "frame", value: .value(JSONValue(entry.number))),
                .init(key: "at_ms", value: .value(JSONValue(Evidence.rounded(entry.time)))),
                .init(key: "bytes", value: .value(JSONValue(entry.byteCount))),
                .init(
                    key: "text",
                    value: .payload(JSONText(.string(String(decoding: entry.bytes, as: UTF8.self))))
                ),
            ])
        }
        members.append(.init(key: "frames", value: .list(shown)))
        return members
    }

    // MARK: - Past exchanges

    private static func show(_ number: Int, _ operation: Operation) -> Report {
        let exchange: RecordedExchange
        do throws(Failure) {
            exchange = try RecordedExchange.find(number, on: operation.connection)
        } catch {
            return operation.report(error, emptyPayload: ("request", nil))
        }
        let link = operation.client.link
        let facts = link.transport.evidence(of: .integer(Int64(number)))
        let carrier = facts.map { facts in
            JSONObject(facts.members.filter { ["method", "url", "request_headers"].contains($0.key) })
        }
        let subject = exchange.subject.map { " \"\($0)\"" } ?? ""
        let outcome =
            switch exchange.outcome {
            case .result: "a result"
            case .error(let error): "error \(error.code)"
            case nil: "no response"
            }
        var report = operation.report("exchange \(number): \(exchange.method)\(subject) with \(outcome)")
        report.add("exchange", JSONValue(number))
        report.add("request", .object(message(exchange.request.bytes, carrier: carrier)))
        if let response = exchange.response {
            let elapsed = response.time - exchange.request.time
            report.add("response", .object(Self.response([response], facts, elapsed: elapsed)))
        } else {
            report.add("response", .value(.null))
        }
        report.add("metadata", .object(operation.metadata))
        return report
    }

    private static func showAll(_ operation: Operation) -> Report {
        let exchanges = RecordedExchange.all(in: operation.client.link.transcript.entries)
        var report = operation.report("\(exchanges.count) exchange\(exchanges.count == 1 ? "" : "s") kept")
        report.add("exchanges", .list(exchanges.suffix(50).map { .value($0.summary) }))
        report.add("metadata", .object(operation.metadata))
        return report
    }
}
