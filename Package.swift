// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

/// One room of the house: see Documentation/Architecture.md for what each is for and which way the imports point.
func room(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
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
        .library(name: "MCPClient", targets: ["MCPClient", "MCPStdio"]),
        .library(name: "MCPServer", targets: ["MCPServer", "MCPStdio"]),
        .library(name: "MCPHTTPClient", targets: ["MCPHTTPClient"]),
        .library(name: "MCPHTTPServer", targets: ["MCPHTTPServer"]),
        .library(name: "MCPHTTP", targets: ["MCPHTTP"]),
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "JSONSchema", targets: ["JSONSchema"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        room("JSON"),
        room("JSONSchema", uses: ["JSON"]),
        room("JSONRPC", uses: ["JSON"]),
        room("MCP", uses: ["JSONRPC", "JSON"]),
        room("MCPTransport", uses: ["MCP", "JSONRPC", "JSON"]),
        room("MCPStdio", uses: ["MCPTransport", "JSONRPC", "JSON"]),
        room("MCPHTTP", uses: ["MCPTransport", "MCP", "JSONRPC", "JSON"]),
        room(
            "MCPHTTPClient",
            uses: [
                "MCPHTTP", "MCPTransport", "MCP", "JSONRPC", "JSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        room(
            "MCPHTTPServer",
            uses: [
                "MCPHTTP", "MCPTransport", "MCP", "JSONRPC", "JSON",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        room("MCPClient", uses: ["MCPTransport", "MCP", "JSONRPC", "JSON"]),
        room(
            "MCPServer",
            uses: [
                "MCPTransport", "MCP", "JSONRPC", "JSONSchema", "JSON",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        room(
            "Tester",
            uses: [
                "MCPClient", "MCPHTTPClient", "MCPHTTP", "MCPStdio", "MCPTransport", "MCP", "JSONRPC", "JSONSchema",
                "JSON",
            ]
        ),
        room(
            "TesterServer",
            uses: [
                "Tester", "MCPServer", "MCPClient", "MCPHTTPClient", "MCPTransport", "MCP", "JSONRPC", "JSONSchema",
                "JSON",
            ]
        ),
        room("DemoServer", uses: ["MCPServer", "MCPTransport", "MCP", "JSONRPC", "JSON"]),
        room(
            "TesterCommands",
            uses: [
                "Tester", "TesterServer", "DemoServer", "MCPHTTPServer", "MCPHTTPClient", "MCPStdio", "MCPServer",
                "MCPClient", "MCPTransport", "MCP",
                "JSONRPC", "JSONSchema", "JSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(name: "mcp-test-mcp", dependencies: ["TesterCommands"], swiftSettings: settings),

        // Started by the official conformance suite; not installed.
        .executableTarget(
            name: "conformance-client",
            dependencies: ["MCPHTTPClient", "MCPStdio", "MCPClient", "MCPTransport", "MCP", "JSON"],
            path: "Sources/ConformanceClient",
            swiftSettings: settings
        ),

        room("TestSupport", uses: ["MCPTransport", "MCP", "JSONRPC", "JSON"]),
        tests("JSON"),
        tests("JSONSchema", uses: ["JSON"]),
        tests("JSONRPC", uses: ["JSON"]),
        tests("MCP", uses: ["JSONRPC", "JSONSchema", "JSON"]),
        tests("MCPTransport", uses: ["MCPStdio", "JSONRPC", "JSON"]),
        tests("MCPStdio", uses: ["MCPTransport", "JSONRPC", "JSON"]),
        tests("MCPHTTP", uses: ["MCPTransport", "MCP", "JSONRPC", "JSON"]),
        tests(
            "MCPHTTPClient",
            uses: [
                "MCPHTTP", "MCPTransport", "MCPClient", "MCP", "JSONRPC", "JSON",
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
                "MCPHTTP", "MCPHTTPClient", "MCPServer", "MCPTransport", "MCPClient", "MCP", "JSONRPC", "JSON",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        tests("MCPClient", uses: ["MCPTransport", "MCPStdio", "MCP", "JSONRPC", "JSON"]),
        tests("MCPServer", uses: ["MCPTransport", "MCP", "JSONRPC", "JSON"]),
        tests("Tester", uses: ["MCPHTTPClient", "MCPStdio", "MCPTransport", "MCPClient", "MCP", "JSONRPC", "JSON"]),
        tests(
            "TesterServer",
            uses: ["Tester", "MCPHTTPClient", "MCPServer", "MCPTransport", "MCP", "JSONRPC", "JSON"]
        ),
        tests(
            "TesterCommands",
            uses: [
                "Tester", "DemoServer", "MCPHTTPServer", "MCPHTTPClient", "MCPClient", "MCPStdio", "MCPTransport",
                "MCP",
                "JSONRPC", "JSON",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        tests("DemoServer", uses: ["MCPServer", "MCPTransport", "MCP", "JSONRPC", "JSONSchema", "JSON"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["mcp-test-mcp", "conformance-client", "TestSupport", "MCPStdio", "JSON"],
            swiftSettings: settings
        ),
    ]
)
