import JSONRPC

/// The latest exchanges of a connection.
struct ExchangeLog {
    private var records: [(request: RequestID?, record: ExchangeRecord)] = []
    /// How many exchanges there have been.
    private(set) var count = 0

    mutating func add(_ record: ExchangeRecord, for request: RequestID?) {
        count += 1
        records.append((request, record))
        if records.count > 2 * Self.minimum { records.removeFirst(Self.minimum) }
    }

    /// The latest exchange of a request.
    ///
    /// A search, because evidence is requested far less often than exchanges are added.
    func record(of request: RequestID) -> ExchangeRecord? {
        records.last { $0.request == request }?.record
    }

    func last(_ count: Int) -> [ExchangeRecord] { records.suffix(count).map(\.record) }

    /// How many are kept at least.
    ///
    /// Up to twice as many are kept, because removing one at a time would move all others.
    private static let minimum = 100
}
