import Benchmark
import Foundation
import JSON

/// The JSON of this package beside Foundation's in the same run: only the ratios say anything.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.cpuUser, .wallClock, .throughput],
        maxDuration: .seconds(3),
        maxIterations: 1_000
    )

    let listing = Listing.bytes(tools: 1000)
    let listingData = Data(listing)
    let listingTree = try? JSONValue(parsing: listing)
    let listingObject = try? JSONSerialization.jsonObject(with: listingData)
    let blob = Listing.blob(bytes: 10_000_000)
    let blobTree = try? JSONValue(parsing: blob)

    Benchmark("1000 tools, parse, tree") { _ in blackHole(try JSONValue(parsing: listing)) }
    Benchmark("1000 tools, parse, JSONSerialization") { _ in
        blackHole(try JSONSerialization.jsonObject(with: listingData))
    }
    Benchmark("1000 tools, check only") { _ in blackHole(try JSONText(listing)) }
    Benchmark("1000 tools, write, tree") { _ in blackHole(listingTree.map(JSONText.init)) }
    Benchmark("1000 tools, write, JSONSerialization") { _ in
        if let listingObject { blackHole(try JSONSerialization.data(withJSONObject: listingObject)) }
    }
    Benchmark("10 MB string, parse, tree") { _ in blackHole(try JSONValue(parsing: blob)) }
    Benchmark("10 MB string, write, tree") { _ in blackHole(blobTree.map(JSONText.init)) }
}
