import CoreMetrics
import Synchronization

/// The type of a metric, as the page names it.
enum SampleType: String {
    case counter
    case gauge
    case histogram
}

/// What a time series shows at one moment.
enum Sample {
    case value(Double)
    /// - Parameters:
    ///   - buckets: The upper bound of each bucket, and how many values are in it and in all before.
    ///   - count: The number of all values.
    case histogram(buckets: [(bound: Double, count: UInt64)], sum: Double, count: UInt64)
}

/// One line of values over time, with its own labels.
protocol Series: AnyObject, Sendable {
    static var type: SampleType { get }
    var sample: Sample { get }
}

/// A value that only grows.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
    static let type = SampleType.counter

    private let value = Mutex(0.0)

    var sample: Sample { .value(value.withLock { $0 }) }

    func increment(by amount: Int64) {
        increment(by: Double(amount))
    }

    /// Adds an amount; one that is negative or not a number is ignored, because a counter never falls.
    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        value.withLock { $0 += amount }
    }

    func reset() {
        value.withLock { $0 = 0 }
    }
}

/// A value that rises and falls.
final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    static let type = SampleType.gauge

    private let value = Mutex(0.0)

    var sample: Sample { .value(value.withLock { $0 }) }

    func set(_ value: Int64) {
        set(Double(value))
    }

    func set(_ value: Double) {
        self.value.withLock { $0 = value }
    }

    func increment(by amount: Double) {
        value.withLock { $0 += amount }
    }

    func decrement(by amount: Double) {
        value.withLock { $0 -= amount }
    }

    func record(_ value: Int64) {
        set(Double(value))
    }

    func record(_ value: Double) {
        set(value)
    }
}

/// How many values lie below each of some bounds, and their sum.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    static let type = SampleType.histogram

    private struct State {
        /// How many values are in each bucket; the last one has no upper bound.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// - Parameter bounds: The upper bounds, ascending.
    init(_ bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    var sample: Sample {
        let state = state.withLock { $0 }
        var total: UInt64 = 0
        let buckets = zip(bounds, state.counts).map { bound, count in
            total += count
            return (bound: bound, count: total)
        }
        return .histogram(buckets: buckets, sum: state.sum, count: total + (state.counts.last ?? 0))
    }

    func record(_ value: Int64) {
        record(Double(value))
    }

    /// Counts a value; one that is not a number is ignored.
    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    /// Counts a duration in seconds, the unit of times in Prometheus.
    func recordNanoseconds(_ duration: Int64) {
        record(Double(duration) / 1e9)
    }
}
