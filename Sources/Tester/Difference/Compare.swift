public import JSON
import JSONRPC
import MCP
public import MCPClient

extension TesterSession {
    /// A call whose results are compared.
    public enum ComparedCall: Sendable {
        /// A call of a tool.
        case tool(String, arguments: JSONText?)
        /// The contents of a resource.
        case resource(String)
        /// A prompt with its arguments.
        case prompt(String, arguments: JSONText?)
        /// The request of the earlier exchange, sent again.
        case earlierRequest
    }

    /// What the result of a call is compared with.
    public enum ComparedWith: Sendable {
        /// The same call on another connection.
        case connection(String)
        /// An earlier exchange of the same connection, by its number.
        case exchange(Int)
    }

    /// Compares the results of the same call on two connections, or of a call now and earlier.
    ///
    /// A response that is an error is compared, too. Values that differ in every run are listed apart.
    public func compare(
        _ call: ComparedCall,
        with other: ComparedWith,
        on name: String? = nil,
        limits: ConnectionLimits? = nil
    ) async -> Report {
        await perform(on: name, emptyPayload: ("differences", nil)) { [self] operation in
            do throws(Failure) {
                let sides = try await self.sides(call, other, operation, limits)
                return Self.report(sides.old, sides.new, operation)
            } catch {
                return operation.report(error, emptyPayload: ("differences", nil))
            }
        }
    }

    /// One of the two outcomes.
    private struct Side {
        let label: String
        /// `result` or `error`, with the value.
        let value: JSONValue
        let era: Revision.Era
        var elapsed: Duration?

        var kind: String { value["error"] == nil ? "a result" : "an error" }
    }

    private func sides(
        _ call: ComparedCall,
        _ other: ComparedWith,
        _ operation: Operation,
        _ limits: ConnectionLimits?
    ) async throws(Failure) -> (old: Side, new: Side) {
        switch other {
        case .exchange(let number):
            let exchange = try RecordedExchange.find(number, on: operation.connection)
            guard let value = exchange.value else {
                throw .usage(
                    "Exchange \(number) (\(exchange.method)) has no response to compare with.",
                    nextStep: "Choose one with a response; inspect_raw without arguments lists them."
                )
            }
            let old = Side(label: "exchange \(number)", value: value, era: operation.client.revision.era)
            let request = try Self.request(of: call, or: exchange)
            return (old, try await Self.side(request, operation, "now", limits))
        case .connection(let name):
            guard let entry = locate(name) else { throw notConnected(name) }
            let second = Operation(entry.connection)
            guard entry.connection !== operation.connection else {
                throw .usage(
                    "Both connections are \"\(entry.connection.name)\".",
                    nextStep: "Name another connection in `with`, or compare with an earlier exchange."
                )
            }
            let request = try Self.request(of: call, or: nil)
            entry.connection.idleWatch?.beginUse()
            defer { entry.connection.idleWatch?.endUse() }
            let old = try await Self.side(request, operation, Self.label(of: operation.connection), limits)
            let new = try await Self.side(request, second, Self.label(of: entry.connection), limits)
            return (old, new)
        }
    }

    private static func label(of connection: Connection) -> String {
        "\"\(connection.name)\" (\(connection.client.revision))"
    }

    private static func request(
        of call: ComparedCall,
        or exchange: RecordedExchange?
    ) throws(Failure) -> (Method, JSONObject) {
        switch call {
        case .tool(let name, let arguments):
            return (.toolsCall, ["name": .string(name), "arguments": arguments?.value() ?? [:]])
        case .resource(let uri): return (.resourcesRead, ["uri": .string(uri)])
        case .prompt(let name, let arguments):
            return (.promptsGet, ["name": .string(name), "arguments": arguments?.value() ?? [:]])
        case .earlierRequest:
            guard let exchange else {
                throw .usage(
                    "Nothing to compare: no tool, uri or prompt is given.",
                    nextStep: "Give tool with arguments, uri, or prompt; or exchange, to send its request again."
                )
            }
            var params = exchange.params?.value().object ?? [:]
            // The era adds its own members again.
            params["_meta"] = nil
            return (Method(rawValue: exchange.method), params)
        }
    }

    private static func side(
        _ request: (method: Method, params: JSONObject),
        _ operation: Operation,
        _ label: String,
        _ limits: ConnectionLimits?
    ) async throws(Failure) -> Side {
        operation.connection.count { statistics in
            switch request.method {
            case .toolsCall: statistics.toolsCalled += 1
            case .resourcesRead: statistics.resourcesAccessed += 1
            case .promptsGet: statistics.promptsExecuted += 1
            default: break
            }
        }
        let era = operation.client.revision.era
        do throws(CallError) {
            let result = try await operation.client.call(request.method, params: request.params, limits: limits?.call)
            return Side(label: label, value: ["result": result.result.value()], era: era, elapsed: result.elapsed)
        } catch {
            if case .rejected(let refusal) = error.cause {
                return Side(label: label, value: ["error": .object(refusal.json)], era: era, elapsed: error.elapsed)
            }
            throw operation.failure(
                error,
                during: "\(request.method.rawValue) on connection \"\(operation.connection.name)\""
            )
        }
    }

    private static func report(_ old: Side, _ new: Side, _ operation: Operation) -> Report {
        let isAcrossEras = old.era != new.era
        let difference = JSONDifference(
            from: old.value.withoutEnvelope(isAcrossEras),
            to: new.value.withoutEnvelope(isAcrossEras)
        )
        var report = operation.report(summary(difference, old, new))
        // An error on both sides compares equal; that no result was compared must be visible.
        report.outcome = difference.isEmpty ? .pass : .fail
        report.add("identical", .bool(difference.isEmpty))
        report.add("compared", ["old": .string(old.label), "new": .string(new.label)])
        report.add("differences", .payload(JSONText(.array(difference.entries.prefix(100).map { $0.json() }))))
        if difference.entries.count + difference.omitted > 100 {
            report.add("differences_omitted", JSONValue(difference.entries.count + difference.omitted - 100))
        }
        report.add("volatile", .payload(JSONText(.array(difference.volatile.prefix(50).map { $0.json() }))))
        var metadata = operation.metadata
        for (key, side) in [("old", old), ("new", new)] {
            if let elapsed = side.elapsed { metadata["\(key)_ms"] = JSONValue(Evidence.rounded(elapsed)) }
        }
        report.add("metadata", .object(metadata))
        return report
    }

    private static func summary(_ difference: JSONDifference, _ old: Side, _ new: Side) -> String {
        let volatile = difference.volatile.count
        let apart = volatile == 0 ? "" : " (\(volatile) volatile value\(volatile == 1 ? "" : "s") apart)"
        guard !difference.isEmpty else {
            let what = old.kind == "a result" ? "result" : "error"
            return "same \(what)\(apart): \(old.label) and \(new.label)"
        }
        guard old.kind == new.kind else {
            return "\(old.label) returned \(old.kind), \(new.label) returned \(new.kind)"
        }
        let place = difference.entries.first.map { ", first at \($0.pointer)" } ?? ""
        return "\(difference)\(apart) between \(old.label) and \(new.label)\(place)"
    }
}

extension JSONValue {
    /// The outcome without the members that only carry it: the identity of the server and, if the eras differ, what only
    /// one of them has in each result.
    fileprivate func withoutEnvelope(_ isAcrossEras: Bool) -> JSONValue {
        guard var object, var result = object["result"]?.object else { return self }
        if var meta = result["_meta"]?.object {
            meta[MetaKey.serverInfo.rawValue] = nil
            result["_meta"] = meta.isEmpty ? nil : .object(meta)
        }
        if isAcrossEras {
            for name in ["resultType", "ttlMs", "cacheScope"] { result[name] = nil }
        }
        object["result"] = .object(result)
        return .object(object)
    }
}
