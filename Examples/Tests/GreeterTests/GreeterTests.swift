import Foundation
import MCP
import MCPTesting
import Testing

/// The programs of this package beside the tests.
private func program(_ name: String) -> String {
    #if os(macOS)
    let folder = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent()
    #else
    let folder = Bundle.main.executableURL?.deletingLastPathComponent()
    #endif
    return folder?.appending(path: name).path(percentEncoded: false) ?? name
}

/// All tests of the suite share one process.
@Suite(.server(.command(program("greeter")), per: .suite))
struct GreeterTests {
    @Test func someoneIsGreeted() async throws {
        try await MCPTargetSession.current.call("greet", ["name": "Ada"]).expect(at: "/greeting", equals: "Hello, Ada!")
    }

    @Test func anEmptyNameIsAnError() async throws {
        try await MCPTargetSession.current.call("greet", ["name": ""]).expectToolError(containing: "empty")
    }

    @Test func theToolsAreTheExpectedOnes() async throws {
        #expect(try await MCPTargetSession.current.tools.map { $0["name"]?.string } == ["greet"])
    }
}

@Test(arguments: [Revision.v2024_11_05, .v2025_06_18, .v2026_07_28])
func theServerSpeaksOldAndNewRevisions(_ revision: Revision) async throws {
    let server = MCPTarget.command(program("greeter")).revision(revision)
    try await server.call("greet", ["name": "Ada"]).expectSnapshot(named: "greeting")
}

@Test func theClientPrintsTheGreeting() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program("greet"))
    process.arguments = ["Ada", program("greeter")]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(text == "Hello, Ada!\n" && process.terminationStatus == 0)
}
