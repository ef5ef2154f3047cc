// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A module of the product, described in Documentation/Modules.md.
func module(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name), "TestSupport"] + dependencies,
        swiftSettings: settings
    )
}

let package = Package(
    name: "mcp-test-mcp",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "mcp-test-mcp", targets: ["mcp-test-mcp"]),
        .library(name: "MCPClient", targets: ["MCPClient", "MCPStdio", "MCP", "JSON"]),
        .library(name: "MCPServer", targets: ["MCPServer", "MCPStdio", "MCP", "JSON"]),
        .library(name: "MCPHTTPClient", targets: ["MCPHTTPClient"]),
        .library(name: "MCPHTTPServer", targets: ["MCPHTTPServer"]),
        .library(name: "MCPHTTP", targets: ["MCPHTTP"]),
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "MCPTesting", targets: ["MCPTesting", "MCP", "JSON"]),
        .library(name: "JSONSchema", targets: ["JSONSchema"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        module("Platform"),
        module("TextUtilities", uses: ["Platform"]),
        module("AsyncRuntime", uses: ["Platform"]),
        module("Terminal", uses: ["AsyncRuntime", "Platform"]),
        module("ChildProcesses", uses: ["AsyncRuntime", "Platform"]),
        module("JSON"),
        module("JSONSchema", uses: ["JSON", "TextUtilities"]),
        module("JSONRPC", uses: ["JSON", "AsyncRuntime"]),
        module("MCP", uses: ["JSONRPC", "JSON", "TextUtilities"]),
        module("MCPTransport", uses: ["MCP", "JSONRPC", "JSON"]),
        module("MCPStdio", uses: ["MCPTransport", "JSONRPC", "JSON", "ChildProcesses", "AsyncRuntime", "Platform"]),
        module("MCPHTTP", uses: ["JSON", "TextUtilities", "Platform"]),
        module(
            "MCPHTTPClient",
            uses: [
                "MCPHTTP", "MCPTransport", "MCP", "JSONRPC", "JSON", "AsyncRuntime", "Platform",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        module(
            "MCPHTTPServer",
            uses: [
                "MCPHTTP", "MCPTransport", "MCP", "JSONRPC", "JSON", "AsyncRuntime", "TextUtilities", "Platform",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        module("MCPClient", uses: ["MCPTransport", "MCP", "JSONRPC", "JSON", "AsyncRuntime"]),
        module(
            "MCPServer",
            uses: [
                "MCPTransport", "MCP", "JSONRPC", "JSONSchema", "JSON", "AsyncRuntime", "TextUtilities",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        module("HostConfiguration", uses: ["TextUtilities", "Platform"]),
        module(
            "MCPAuth",
            uses: [
                "HostConfiguration", "MCPHTTPClient", "MCPHTTP", "MCPTransport", "MCP", "JSON", "ChildProcesses",
                "AsyncRuntime", "TextUtilities", "Platform",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        module(
            "MCPAuthServer",
            uses: ["MCPAuth", "MCPHTTPServer", "MCPHTTP", "MCPTransport", "JSON", "AsyncRuntime", "TextUtilities"]
        ),
        module(
            "PrometheusMetrics",
            uses: ["Platform", .product(name: "CoreMetrics", package: "swift-metrics")]
        ),
        module(
            "Tester",
            uses: [
                "MCPAuth", "HostConfiguration", "MCPClient", "MCPHTTPClient", "MCPHTTP", "MCPStdio", "MCPTransport",
                "MCP", "JSONRPC", "JSONSchema",
                "JSON", "ChildProcesses", "AsyncRuntime", "TextUtilities", "Platform",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        module(
            "MCPTesting",
            uses: ["Tester", "MCPClient", "MCPHTTPClient", "MCP", "JSON", "ChildProcesses", "AsyncRuntime", "Platform"]
        ),
        module(
            "Suites",
            uses: [
                "Tester", "HostConfiguration", "MCPClient", "MCPHTTPClient", "MCPTransport", "MCP", "JSONRPC",
                "JSONSchema", "JSON",
                "AsyncRuntime", "TextUtilities", "Platform",
            ]
        ),
        module(
            "TesterServer",
            uses: [
                "Conformance", "Suites", "Tester", "MCPAuthServer", "MCPAuth", "HostConfiguration", "MCPServer",
                "MCPClient", "MCPHTTPClient", "MCPHTTP", "MCPTransport",
                "MCP", "JSONRPC",
                "JSONSchema", "JSON", "TextUtilities", "Platform",
            ]
        ),
        module(
            "Conformance",
            uses: [
                "Suites", "Tester", "MCPHTTPClient", "MCPHTTP", "MCPTransport", "MCP", "JSONRPC", "JSONSchema", "JSON",
                "AsyncRuntime", "TextUtilities",
            ]
        ),
        module(
            "DemoServer",
            uses: [
                "MCPServer", "MCPTransport", "MCP", "JSONRPC", "JSON", "AsyncRuntime", "Platform",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        module(
            "TesterCommands",
            uses: [
                "BuildInformation", "DemoServer", "TesterServer", "Suites", "Conformance", "Tester", "MCPAuthServer",
                "MCPAuth",
                "HostConfiguration", "MCPServer",
                "MCPClient", "MCPHTTPServer",
                "MCPHTTPClient", "MCPHTTP", "MCPStdio", "MCPTransport", "MCP", "JSONRPC", "JSONSchema", "JSON",
                "ChildProcesses", "PrometheusMetrics", "Terminal",
                "AsyncRuntime", "TextUtilities", "Platform",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "BuildInformation",
            // Set by Scripts/release only, so that a new commit rebuilds nothing elsewhere.
            cSettings: Context.environment["MCP_TEST_COMMIT"].map { [.define("MCP_TEST_COMMIT", to: "\"\($0)\"")] }
        ),
        .executableTarget(name: "mcp-test-mcp", dependencies: ["TesterCommands"], swiftSettings: settings),

        // Started by the official conformance suite, not installed.
        .executableTarget(
            name: "conformance-client",
            dependencies: [
                "MCPAuth", "MCPClient", "MCPHTTPClient", "MCPHTTP", "MCPStdio", "MCPTransport", "MCP", "JSON",
                "AsyncRuntime", "Platform",
            ],
            path: "Sources/ConformanceClient",
            swiftSettings: settings
        ),

        module(
            "TestSupport",
            uses: [
                "MCPTransport", "MCP", "JSONRPC", "JSONSchema", "JSON", "ChildProcesses", "AsyncRuntime", "Platform",
            ]
        ),
        tests("TextUtilities"),
        tests("AsyncRuntime", uses: ["JSONRPC", "TextUtilities"]),
        tests("ChildProcesses", uses: ["AsyncRuntime"]),
        tests("Terminal"),
        tests("JSON"),
        tests("JSONSchema", uses: ["JSON"]),
        tests("JSONRPC", uses: ["JSON"]),
        tests("MCP", uses: ["JSONRPC", "JSON"]),
        tests("MCPTransport", uses: ["MCPStdio", "JSONRPC", "JSON", "ChildProcesses"]),
        tests("MCPStdio", uses: ["MCPTransport", "JSONRPC", "JSON", "ChildProcesses", "AsyncRuntime", "Platform"]),
        tests("MCPHTTP", uses: ["MCPTransport", "JSON", "TextUtilities"]),
        tests(
            "MCPHTTPClient",
            uses: [
                "MCPClient", "MCPHTTP", "MCPTransport", "MCP", "JSONRPC", "JSON", "AsyncRuntime",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        tests(
            "MCPHTTPServer",
            uses: [
                "MCPServer", "MCPTransport", "MCP", "JSONRPC", "JSON", "TextUtilities", "Platform",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        tests(
            "MCPClient",
            uses: [
                "MCPStdio", "MCPTransport", "MCP", "JSONRPC", "JSON", "ChildProcesses", "AsyncRuntime",
            ]
        ),
        tests("MCPServer", uses: ["MCPTransport", "MCP", "JSONRPC", "JSON"]),
        tests("HostConfiguration", uses: ["JSON"]),
        tests("PrometheusMetrics", uses: ["Platform", .product(name: "CoreMetrics", package: "swift-metrics")]),
        tests(
            "MCPAuth",
            uses: [
                "MCPHTTPClient", "MCPHTTP", "MCPTransport", "JSON", "AsyncRuntime", "TextUtilities", "Platform",
                .product(name: "JWTKit", package: "jwt-kit"),
            ]
        ),
        tests(
            "MCPAuthServer",
            uses: [
                "DemoServer", "TesterServer", "Tester", "MCPAuth", "MCPServer", "MCPHTTPServer", "MCPHTTPClient",
                "MCPHTTP", "MCPTransport", "MCP", "JSON", "AsyncRuntime", "Platform",
            ]
        ),
        tests(
            "Tester",
            uses: [
                "MCPAuth", "HostConfiguration", "MCPClient", "MCPHTTPClient", "MCPHTTP", "MCPStdio", "MCPTransport",
                "MCP",
                "JSONRPC", "JSON",
                "AsyncRuntime",
                "PrometheusMetrics", "TextUtilities",
            ]
        ),
        tests("Suites", uses: ["MCPClient", "MCPHTTPClient", "MCP", "JSONSchema", "JSON"]),
        tests(
            "TesterServer",
            uses: [
                "Tester", "HostConfiguration", "MCPServer", "MCPHTTPClient", "MCPTransport", "MCP", "JSONRPC", "JSON",
                "AsyncRuntime",
            ]
        ),
        tests("MCPTesting", uses: ["MCP", "JSON", "Platform"]),
        tests(
            "Conformance",
            uses: [
                "MCPAuthServer", "MCPAuth", "DemoServer", "Suites", "Tester", "MCPClient", "MCPHTTPServer",
                "MCPHTTPClient", "MCPHTTP", "MCPTransport", "MCP", "JSONRPC",
                "JSON",
                "AsyncRuntime",
            ]
        ),
        tests("DemoServer", uses: ["MCPTransport", "MCP", "JSONRPC", "JSONSchema", "JSON"]),
        tests(
            "TesterCommands",
            uses: [
                "DemoServer", "Tester", "HostConfiguration", "MCPClient", "MCPHTTPServer", "MCPHTTPClient", "MCPHTTP",
                "MCPStdio", "MCPTransport",
                "JSONRPC", "JSON", "AsyncRuntime", "Terminal", "TextUtilities", "Platform",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "mcp-test-mcp", "conformance-client", "TestSupport", "MCPStdio", "JSON", "ChildProcesses",
                "AsyncRuntime",
            ],
            swiftSettings: settings
        ),
    ]
)

// `ONLY_TESTS=JSONTests,MCPTests swift test` builds only these test targets, which saves minutes.
if let names = Context.environment["ONLY_TESTS"]?.split(separator: ",").map(String.init), !names.isEmpty {
    package.targets.removeAll { $0.type == .test && !names.contains($0.name) }
}
