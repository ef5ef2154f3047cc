import Benchmark
import Foundation
import MCPHTTP

/// Reading a stream of server-sent events beside a splitter of lines that knows next to nothing of their grammar.
///
/// An iteration reads a megabyte, so that the throughput is in MB/s.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.cpuUser, .wallClock, .throughput],
        maxDuration: .seconds(3),
        maxIterations: 10_000
    )

    let whole = Stream.bytes(events: 1000, ofBytes: 1000)
    // As they come by the packets of a network.
    let pieces = Stream.pieces(whole, ofBytes: 1500)
    precondition((try? Stream.count(in: pieces)) == LineSplitter.count(in: whole), "all must find the same")

    Benchmark("1 KB events, whole") { _ in blackHole(try Stream.count(in: [whole])) }
    Benchmark("1 KB events, in pieces of 1500 bytes") { _ in blackHole(try Stream.count(in: pieces)) }
    Benchmark("1 KB events, whole, lines of a String") { _ in blackHole(LineSplitter.count(in: whole)) }
    Benchmark("1 KB events, whole, components by Foundation") { _ in
        blackHole(LineSplitter.countByFoundation(in: whole))
    }
}
