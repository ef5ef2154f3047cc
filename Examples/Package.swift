// swift-tools-version: 6.2

import PackageDescription

// Servers, clients and tests of them, each with one of the libraries of this repository. The articles "Getting started" of
// the libraries show these files.
// In your own package, depend on the repository by its URL instead.
let package = Package(
    name: "Examples",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "mcp-test-mcp", path: "..")],
    targets: [
        .executableTarget(name: "greeter", dependencies: [.product(name: "MCPServer", package: "mcp-test-mcp")]),
        .executableTarget(name: "greet", dependencies: [.product(name: "MCPClient", package: "mcp-test-mcp")]),
        .executableTarget(name: "notes", dependencies: [.product(name: "MCPServer", package: "mcp-test-mcp")]),
        .executableTarget(name: "notes-client", dependencies: [.product(name: "MCPClient", package: "mcp-test-mcp")]),
        .executableTarget(
            name: "check-order",
            dependencies: [
                .product(name: "JSONSchema", package: "mcp-test-mcp"), .product(name: "JSON", package: "mcp-test-mcp"),
            ]
        ),
        .testTarget(
            name: "GreeterTests",
            dependencies: ["greeter", "greet", .product(name: "MCPTesting", package: "mcp-test-mcp")]
        ),
        .testTarget(
            name: "NotesTests",
            dependencies: [
                "notes", "notes-client", "check-order", .product(name: "MCPTesting", package: "mcp-test-mcp"),
            ]
        ),
    ]
)
