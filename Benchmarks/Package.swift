// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "mcp-test-mcp", path: ".."),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "JSONBenchmarks",
            dependencies: [
                .product(name: "JSON", package: "mcp-test-mcp"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/JSONBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        .executableTarget(
            name: "EventStreamBenchmarks",
            dependencies: [
                .product(name: "MCPHTTP", package: "mcp-test-mcp"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/EventStreamBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        .executableTarget(
            name: "SchemaBenchmarks",
            dependencies: [
                .product(name: "JSON", package: "mcp-test-mcp"),
                .product(name: "JSONSchema", package: "mcp-test-mcp"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/SchemaBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
    ]
)
