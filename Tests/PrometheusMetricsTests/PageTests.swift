import CoreMetrics
import Testing

@testable import PrometheusMetrics

/// The page, to the byte.
@Suite struct PageTests {
    private func page(_ registry: PrometheusRegistry) -> [String] {
        String(decoding: registry.page(), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func aMetricHasItsHelpAndTypeOnceAndALineForEachSeries() {
        let registry = PrometheusRegistry(help: ["calls": "Calls so far."])
        for (tool, count) in [("b", 2), ("a", 1)] {
            Counter(label: "calls", dimensions: [("tool", tool), ("era", "x")], factory: registry).increment(by: count)
        }
        #expect(
            page(registry) == [
                "# HELP calls_total Calls so far.", "# TYPE calls_total counter",
                #"calls_total{era="x",tool="a"} 1"#, #"calls_total{era="x",tool="b"} 2"#,
            ]
        )
        #expect(registry.page().last == UInt8(ascii: "\n"))
    }

    @Test func theSameLabelAndDimensionsAreOneSeries() {
        let registry = PrometheusRegistry()
        Counter(label: "n", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "n", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment(by: 4)
        FloatingPointCounter(label: "n", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment(by: 0.5)
        #expect(page(registry) == ["# TYPE n_total counter", #"n_total{a="1",b="2"} 5.5"#])
    }

    @Test func theBucketsOfAHistogramAreCumulativeAndEndInInfinity() {
        let registry = PrometheusRegistry(buckets: [0.001, 0.5, 2])
        let timer = Timer(label: "t_seconds", dimensions: [("tool", "x")], factory: registry)
        for milliseconds in [1, 2, 500, 1000, 3000] { timer.recordMilliseconds(milliseconds) }
        #expect(
            page(registry) == [
                "# TYPE t_seconds histogram",
                #"t_seconds_bucket{tool="x",le="0.001"} 1"#, #"t_seconds_bucket{tool="x",le="0.5"} 3"#,
                #"t_seconds_bucket{tool="x",le="2"} 4"#, #"t_seconds_bucket{tool="x",le="+Inf"} 5"#,
                #"t_seconds_sum{tool="x"} 4.503"#, #"t_seconds_count{tool="x"} 5"#,
            ]
        )
    }

    @Test func aHistogramWithoutLabelsHasOnlyTheBound() {
        let registry = PrometheusRegistry(buckets: [1])
        Recorder(label: "size", factory: registry).record(1)
        #expect(
            page(registry) == [
                "# TYPE size histogram", #"size_bucket{le="1"} 1"#, #"size_bucket{le="+Inf"} 1"#, "size_sum 1",
                "size_count 1",
            ]
        )
    }

    @Test func aGaugeRisesAndFalls() {
        let registry = PrometheusRegistry()
        let meter = Meter(label: "open", factory: registry)
        meter.increment(by: 3)
        meter.decrement()
        Gauge(label: "level", factory: registry).record(-1.5)
        #expect(page(registry) == ["# TYPE level gauge", "level -1.5", "# TYPE open gauge", "open 2"])
    }

    @Test func textIsEscapedAsTheFormatNeedsIt() {
        let registry = PrometheusRegistry(help: ["n": "back\\slash \"quoted\"\nnext"])
        Counter(label: "n", dimensions: [("v", "back\\slash \"quoted\"\nnext\tü")], factory: registry).increment()
        #expect(
            page(registry) == [
                #"# HELP n_total back\\slash "quoted"\nnext"#, "# TYPE n_total counter",
                #"n_total{v="back\\slash \"quoted\"\nnext"# + "\tü\"} 1",
            ]
        )
    }

    @Test func invalidNamesBecomeValidOnes() {
        let registry = PrometheusRegistry()
        let labels = [("le", "1"), ("__own", "2"), ("7up", "3"), ("a-b", "4"), ("a.b", "5")]
        Counter(label: "1.http-calls_total", dimensions: labels, factory: registry).increment()
        #expect(
            page(registry) == [
                "# TYPE _1_http_calls_total counter",
                #"_1_http_calls_total{_7up="3",a_b="4",exported___own="2",exported_le="1"} 1"#,
            ]
        )
    }

    @Test(arguments: [
        (3.0, "3"), (-2, "-2"), (0.1, "0.1"), (1e-7, "1e-07"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        (.nan, "NaN"), (9_007_199_254_740_992, "9007199254740992"), (1e300, "1e+300"),
    ])
    func numbersAreWrittenAsGoReadsThem(_ value: Double, _ text: String) {
        #expect(ExpositionWriter.number(value) == text)
    }

    @Test func aNameThatAnotherTypeHasIsNotOnThePage() {
        let registry = PrometheusRegistry()
        Gauge(label: "n_total", factory: registry).record(1)
        let counter = Counter(label: "n", factory: registry)
        counter.increment(by: 5)
        #expect(page(registry) == ["# TYPE n_total gauge", "n_total 1"])
        counter.destroy()
        #expect(page(registry) == ["# TYPE n_total gauge", "n_total 1"])
    }

    @Test func aCounterIgnoresWhatWouldMakeItFallOrBreakIt() {
        let registry = PrometheusRegistry()
        let counter = FloatingPointCounter(label: "n", factory: registry)
        counter.increment(by: 2)
        for amount in [-1, .nan, .infinity] { counter.increment(by: amount) }
        Timer(label: "t", factory: registry).recordNanoseconds(0)
        #expect(page(registry).contains("n_total 2"))
    }

    @Test func aDestroyedInstrumentLeavesThePage() {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "a", factory: registry)
        let (meter, gauge) = (Meter(label: "b", factory: registry), Gauge(label: "c", factory: registry))
        let (timer, floating) = (
            Timer(label: "d", factory: registry), FloatingPointCounter(label: "e", factory: registry)
        )
        #expect(page(registry).count { $0.hasPrefix("# TYPE") } == 5)
        counter.destroy()
        meter.destroy()
        gauge.destroy()
        timer.destroy()
        floating.destroy()
        #expect(page(registry) == [])
    }

    @Test func countsOfSeveralThreadsAreNotLost() async {
        let registry = PrometheusRegistry(buckets: [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        Counter(label: "n", dimensions: [("a", "b")], factory: registry).increment()
                        Timer(label: "t", factory: registry).recordSeconds(1)
                    }
                }
            }
        }
        #expect(page(registry).contains(#"n_total{a="b"} 8000"#))
        #expect(page(registry).contains("t_sum 8000") && page(registry).contains("t_count 8000"))
    }
}
