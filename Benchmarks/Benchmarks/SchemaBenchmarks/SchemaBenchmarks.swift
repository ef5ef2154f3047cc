import Benchmark
import JSON
import JSONSchema

/// What checking the arguments of a call costs.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.cpuUser, .wallClock, .throughput],
        scalingFactor: .kilo,
        maxDuration: .seconds(3)
    )

    let schema: JSONValue = [
        "type": "object",
        "properties": [
            "query": ["type": "string", "minLength": 1, "maxLength": 512],
            "limit": ["type": "integer", "minimum": 1, "maximum": 1000],
            "order": ["enum": ["newest", "oldest", "relevance"]],
            "labels": ["type": "array", "items": ["type": "string", "pattern": "^[a-z]+$"]],
        ],
        "required": ["query"],
        "additionalProperties": false,
    ]
    let arguments: JSONValue = ["query": "swift", "limit": 10, "order": "newest", "labels": ["a", "b"]]
    let compiled = try? JSONSchema(schema)

    Benchmark("compile a tool's schema") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try JSONSchema(schema)) }
    }
    Benchmark("validate a call's arguments") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(compiled?.validate(arguments)) }
    }
}
