public import CoreMetrics
import Synchronization

/// The metrics of this process, which a Prometheus server reads as a page of text.
///
/// A backend of swift-metrics: what has the same label and the same dimensions is one time series. An instrument whose name
/// is taken by one of another type works, but is not on the page.
public final class PrometheusRegistry: MetricsFactory {
    /// The upper bounds of the buckets of a histogram, in seconds: from a call over a pipe to one that takes a minute.
    public static let defaultBuckets = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    private struct Family {
        let type: SampleType
        let help: String?
        /// The time series, by the text of their labels.
        var series: [LabelText: any Series] = [:]
    }

    private let help: [String: String]
    private let buckets: [Double]
    private let families = Mutex<[String: Family]>([:])

    /// Creates a registry without metrics.
    ///
    /// - Parameters:
    ///   - help: What each metric means, by its label.
    ///   - buckets: The upper bounds of the buckets of every histogram, ascending; the last one, infinity, is added.
    public init(help: [String: String] = [:], buckets: [Double] = defaultBuckets) {
        self.help = help
        self.buckets = buckets
    }

    /// The page in the text format 0.0.4, sorted by name.
    ///
    /// Each time series is consistent in itself; one may be newer than another.
    public func page() -> [UInt8] {
        let families = families.withLock { $0 }
        var writer = ExpositionWriter()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.series.isEmpty {
            writer.begin(name, family.type, help: family.help)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                writer.write(series.sample, labels)
            }
        }
        return writer.bytes
    }

    /// The content type of the page.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    // MARK: - Making instruments

    private func series<Value: Series>(
        _ label: String,
        _ dimensions: [(String, String)],
        _ make: @autoclosure () -> Value
    ) -> Value {
        let name = MetricName.valid(label, for: Value.type)
        let labels = LabelText(dimensions)
        return families.withLock { families in
            var family = families[name] ?? Family(type: Value.type, help: help[label])
            if let known = family.series[labels] as? Value { return known }
            let series = make()
            guard family.type == Value.type, family.series[labels] == nil else { return series }
            family.series[labels] = series
            families[name] = family
            return series
        }
    }

    private func remove(_ instrument: any Series) {
        families.withLock { families in
            for (name, family) in families {
                guard let labels = family.series.first(where: { $0.value === instrument })?.key else { continue }
                families[name]?.series[labels] = nil
            }
        }
    }

    /// Creates a counter, or returns the one with this label and these dimensions.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, CounterSeries())
    }

    /// Creates a counter, or returns the one with this label and these dimensions.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, CounterSeries())
    }

    /// Creates a gauge, or returns the one with this label and these dimensions.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, GaugeSeries())
    }

    /// Creates a histogram if it aggregates, else a gauge; or returns the one with this label and these dimensions.
    public func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? series(label, dimensions, HistogramSeries(buckets)) : series(label, dimensions, GaugeSeries())
    }

    /// Creates a histogram of seconds, or returns the one with this label and these dimensions.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, HistogramSeries(buckets))
    }

    // MARK: - Removing instruments

    /// Takes a counter off the page.
    public func destroyCounter(_ handler: any CounterHandler) {
        if let series = handler as? CounterSeries { remove(series) }
    }

    /// Takes a counter off the page.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
        if let series = handler as? CounterSeries { remove(series) }
    }

    /// Takes a gauge off the page.
    public func destroyMeter(_ handler: any MeterHandler) {
        if let series = handler as? GaugeSeries { remove(series) }
    }

    /// Takes a histogram or a gauge off the page.
    public func destroyRecorder(_ handler: any RecorderHandler) {
        if let series = handler as? any Series { remove(series) }
    }

    /// Takes a histogram off the page.
    public func destroyTimer(_ handler: any TimerHandler) {
        if let series = handler as? HistogramSeries { remove(series) }
    }
}
