// swift-tools-version: 6.2

import PackageDescription

// A server, a client of it, and tests of it, each with one of the libraries of this repository.
// In your own package, depend on the repository by its URL instead.
let package = Package(
    name: "Examples",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "mcp-test-mcp", path: "..")],
    targets: [
        .executableTarget(name: "greeter", dependencies: [.product(name: "MCPServer", package: "mcp-test-mcp")]),
        .executableTarget(name: "greet", dependencies: [.product(name: "MCPClient", package: "mcp-test-mcp")]),
        .testTarget(
            name: "GreeterTests",
            dependencies: ["greeter", "greet", .product(name: "MCPTesting", package: "mcp-test-mcp")]
        ),
    ]
)
