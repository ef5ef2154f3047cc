import JSON

/// How a check ends early.
extension Probe {
    /// Ends the check unless a condition holds.
    ///
    /// - Parameter received: What was received instead, as a sentence without a full stop.
    func expect(_ condition: Bool, _ received: @autoclosure () -> String, _ exchanges: Exchange?...) throws {
        guard !condition else { return }
        throw Verdict.Stop.broken(.init(received: received(), exchanges: exchanges.compactMap(\.self)))
    }

    /// Ends the check unless an exchange has a result.
    @discardableResult
    func result(_ exchange: Exchange, _ what: String? = nil) throws -> JSONValue {
        if let result = exchange.result { return result }
        let what = what ?? exchange.method ?? "the request"
        throw Verdict.Stop.broken(.init(received: "\(what): received \(exchange.outcome)", exchanges: [exchange]))
    }

    /// Ends the check unless an exchange has an error with one of these codes and, over HTTP, this status.
    func expectError(_ exchange: Exchange, _ code: Int, status: Int? = nil, _ what: String? = nil) throws {
        try expectError(exchange, among: [code], status: status, what)
    }

    func expectError(_ exchange: Exchange, among codes: [Int], status: Int? = nil, _ what: String? = nil) throws {
        let what = what.map { "\($0): " } ?? ""
        let wanted = codes.map(String.init).joined(separator: " or ")
        let isCode = exchange.errorCode.map(codes.contains) ?? false
        let isStatus = status == nil || exchange.http == nil || exchange.status == status
        let place = status.map { exchange.http == nil ? "" : " with HTTP \($0)" } ?? ""
        try expect(
            isCode && isStatus,
            "\(what)expected error \(wanted)\(place), received \(exchange.outcome)",
            exchange
        )
    }

    /// Ends the check unless an exchange was refused in some way.
    func expectRefusal(_ exchange: Exchange, _ what: String) throws {
        let isRefused = exchange.error != nil || exchange.result?["isError"] == true || (exchange.status ?? 0) >= 400
        try expect(isRefused, "\(what): expected an error, received \(exchange.outcome)", exchange)
    }

    /// Ends the check as not applicable unless there is a value.
    func require<Value>(_ value: Value?, _ missing: String) throws -> Value {
        guard let value else { throw Verdict.Stop.notApplicable(missing) }
        return value
    }

    /// Ends the check as not applicable unless there is something in a collection.
    func requireAny<Elements: Collection>(_ elements: Elements, _ missing: String) throws -> Elements {
        guard !elements.isEmpty else { throw Verdict.Stop.notApplicable(missing) }
        return elements
    }

    /// Ends the check because it cannot be decided.
    func need<Value>(_ value: Value?, _ need: String) throws -> Value {
        guard let value else { throw Verdict.Stop.inconclusive(need) }
        return value
    }

    /// Ends the check because it cannot be decided without an element.
    func needAny<Elements: Collection>(_ elements: Elements, _ need: String) throws -> Elements {
        guard !elements.isEmpty else { throw Verdict.Stop.inconclusive(need) }
        return elements
    }

    /// A call of a tool that may be called, or the reason why there is none.
    func anyCallable() throws -> (tool: JSONValue, arguments: JSONObject) {
        try need(callable.first, Self.callableNeed)
    }

    static let callableNeed = "a tool that is declared read-only (or --allow-writes) and whose arguments are known"
}
