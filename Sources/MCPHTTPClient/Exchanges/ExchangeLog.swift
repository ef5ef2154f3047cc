import JSONRPC

/// The latest exchanges of a connection.
struct ExchangeLog {
    private var records: [(request: RequestID?, record: ExchangeRecord)] = []
    private var byRequest: [RequestID: ExchangeRecord] = [:]
    /// How many exchanges there have been.
    private(set) var count = 0

    mutating func add(_ record: ExchangeRecord, for request: RequestID?) {
        count += 1
        records.append((request, record))
        if let request { byRequest[request] = record }
        guard records.count > 2 * Self.minimum else { return }
        for old in records.prefix(Self.minimum) {
            guard let request = old.request, byRequest[request] === old.record else { continue }
            byRequest[request] = nil
        }
        records.removeFirst(Self.minimum)
    }

    func record(of request: RequestID) -> ExchangeRecord? { byRequest[request] }

    func last(_ count: Int) -> [ExchangeRecord] { records.suffix(count).map(\.record) }

    /// How many are kept at least.
    ///
    /// Up to twice as many are kept, because removing one at a time would move all others.
    private static let minimum = 100
}
