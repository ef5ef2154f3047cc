import Foundation
import JSON
import TestSupport
import Testing

/// Wrong names and broken surroundings: each gets the nearest right thing, and everything else goes on.
@Suite(.timeLimit(.minutes(15)))
struct BadInputTests {
    @Test func wrongNamesGetTheNearestRightOnes() async throws {
        let host = try await Host.connected()
        try await host.connect(to: [Product.path, "demo"], ["name": "mine"])
        let long = try await host.call("call_tool", ["name": "echo", "arguments": ["message": .string(Self.long)]])
        let handle = try #require(Self.handle(in: long), "\(long["more"] ?? "")")
        let cases: [(tool: String, arguments: JSONValue, message: String, suggestion: String)] = [
            ("call_tool", ["name": "ehco"], #"The server has no tool "ehco". Did you mean "echo"?"#, #"Call "echo""#),
            (
                "call_tool", ["name": "echo", "connection_name": "mien"], #"Unknown connection "mien"."#,
                #"Give connection_name "mine""#
            ),
            ("read_result", ["handle": "@99"], #"Unknown handle "@99"."#, ""),
            ("read_result", ["handle": .string(handle), "select": "/tool_cal"], #"Did you mean "tool_call"?"#, ""),
            (
                "connect_to_server", ["url": "/no/such/server.py"], "`/no/such/server.py` does not exist.",
                "Check the path"
            ),
            (
                "connect_to_server", ["command": "no-such-program-7"], "`no-such-program-7` was not found in PATH.",
                "Install the program"
            ),
            (
                "connect_to_server", ["url": "http://no-such-host.invalid/mcp"], "host not found: no-such-host.invalid",
                "Check the spelling"
            ),
            ("get_prompt", ["name": "summarise"], #"Did you mean "summarize"?"#, ""),
        ]
        for (tool, arguments, message, suggestion) in cases {
            let answer = try await host.call(tool, arguments)
            #expect(answer["success"] == false)
            let error = answer["error"] ?? [:]
            #expect(error["message"]?.string?.lowercased().contains(message.lowercased()) == true, "\(error)")
            #expect(error["suggestion"]?.string?.hasPrefix(suggestion) == true, "\(error)")
        }
        // Nothing of it has harmed the connection.
        #expect(try await host.call("call_tool", ["name": "echo", "arguments": ["message": "hi"]])["success"] == true)
        #expect(await host.finish().code == 0)
    }

    private static let long = String(repeating: "long ", count: 40_000)

    private static func handle(in answer: JSONValue) -> String? {
        answer["more"]?.string?.split(separator: " ").first { $0.hasPrefix("@") }.map(String.init)
    }

    @Test func aBrokenConfigurationFileIsReportedWithItsPlaceAndTheOthersAreRead() async throws {
        let home = try TemporaryFolder()
        let environment = ["HOME": home.path, "XDG_CONFIG_HOME": ""]
        try home.write(
            "{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"cat\" \"args\": []}}}",
            to: ".cursor/mcp.json"
        )
        let demo: JSONValue = ["command": .string(Product.path), "args": ["demo"]]
        let servers: JSONValue = ["mcpServers": ["works": demo, "gone": ["command": "no-such-program-8"]]]
        try home.write(servers.description, to: ".claude.json")
        let list = try await RunningProgram.run(["servers", "--json"], environment: environment, in: home.path)
        let broken = try list.json()["files"]?.array?.first { $0["path"] == "~/.cursor/mcp.json" }
        #expect(broken?["line"] == 3 && broken?["column"] == 27 && broken?["error"] != nil, "\(list)")
        #expect(
            list.text.contains(#""name":"works""#) && list.text.contains("`no-such-program-8` was not found"),
            "\(list)"
        )

        let works = try await RunningProgram.run(["list", "@works"], environment: environment, in: home.path)
        #expect(works.code == 0, "\(works)")
        let gone = try await RunningProgram.run(["list", "@gone", "--json"], environment: environment, in: home.path)
        #expect(gone.code == 3, "\(gone)")
        #expect(gone.text.contains("`no-such-program-8` was not found in PATH (~/.claude.json:1)"), "\(gone)")
        let near = try await RunningProgram.run(["list", "@wroks"], environment: environment, in: home.path)
        #expect(near.code == 2 && near.errors.contains("works"), "\(near)")
        let host = try await RunningProgram.run(["install", "clade-code"], environment: environment, in: home.path)
        #expect(host.code == 2, "\(host)")
        #expect(host.errors.contains("Unknown host") && host.errors.contains("Did you mean claude-code?"), "\(host)")
    }

    @Test func aModelThatHangsIsGivenUpAndTheNextCallWorks() async throws {
        let silence = try SilentPort()
        let host = try await Host.connected(
            environment: ["LLM_URL": "http://127.0.0.1:\(silence.port)/v1", "LLM_MODEL_NAME": "m"]
        )
        try await host.connect(to: [Product.path, "demo"])
        let arguments: JSONValue = [
            "prompt_name": "summarize", "prompt_arguments": ["text": "x", "style": "rhyme"],
            "llm_config": ["timeout": 0.5],
        ]
        let answer = try await host.call("execute_prompt_with_llm", arguments)
        #expect(answer["error"]?["error_type"] == "llm_request_error", "\(answer)")
        #expect(answer["failure_class"] == "timeout", "\(answer)")
        #expect(answer["error"]?["suggestion"]?.string?.contains("timeout") == true, "\(answer)")
        #expect(try await host.call("call_tool", ["name": "echo", "arguments": ["message": "hi"]])["success"] == true)
        #expect(await host.finish().code == 0)
    }
}

/// A port that accepts connections and says nothing.
private final class SilentPort: Sendable {
    let port: Int
    private let descriptor: Int32

    init() throws {
        #if canImport(Glibc)
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                // The system accepts connections into the queue, from which nobody takes them.
                bind(descriptor, pointer, size) + listen(descriptor, 8) + getsockname(descriptor, pointer, &size)
            }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = Int(in_port_t(bigEndian: address.sin_port))
    }

    deinit {
        close(descriptor)
    }
}
