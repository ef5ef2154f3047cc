import MCPHTTP
import Testing

@testable import MCPAuth

/// X11 and X13 of the security items: URLs that a server names.
struct AddressPolicyTests {
    private func refusal(_ url: String, server: String = World.server, allowed: [String] = []) throws -> String? {
        AddressPolicy(server: try HTTPURL(server), allowedHosts: allowed).refusal(of: try HTTPURL(url))?.message
    }

    @Test(
        "private, link-local and loopback addresses are refused for a public server",
        arguments: [
            "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/", "https://192.168.1.1/",
            "https://172.31.0.1/",
            "https://100.64.0.1/", "https://127.0.0.1:6379/", "https://localhost:6379/", "https://a.localhost/",
            "https://[::1]/", "https://[fd00::1]/", "https://[fe80::1]/", "https://[::ffff:10.0.0.1]/",
            "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://0.0.0.0/", "https://224.0.0.1/",
        ]
    )
    func privateAddressesAreRefused(_ url: String) throws {
        let message = try #require(try refusal(url))
        #expect(message.contains("must not make this program reach it"), "\(message)")
        let host = try HTTPURL(url).host
        #expect(try refusal(url, allowed: [host]) == nil)
    }

    @Test("a public host needs https, and the server's own origin does not")
    func httpsIsRequired() throws {
        #expect(try refusal("http://auth.example/")?.contains("https") == true)
        #expect(try refusal("https://auth.example/") == nil)
        #expect(try refusal("https://93.184.216.34/") == nil)
        #expect(try refusal("http://10.1.2.3:8000/x", server: "http://10.1.2.3:8000/mcp") == nil)
        #expect(try refusal("http://10.1.2.3:9000/x", server: "http://10.1.2.3:8000/mcp") != nil)
    }

    @Test("a server on this machine may name others on this machine, and no private network")
    func loopbackReachesLoopback() throws {
        for server in ["http://localhost:8000/mcp", "http://127.0.0.1:8000/mcp", "http://[::1]:8000/mcp"] {
            #expect(try refusal("http://localhost:9000/", server: server) == nil)
            #expect(try refusal("http://127.0.0.1:9000/", server: server) == nil)
            #expect(try refusal("https://10.0.0.1/", server: server) != nil)
        }
    }

    @Test("a name that resolves to a private address is refused")
    func resolvedAddressesAreChecked() throws {
        let policy = AddressPolicy(server: try HTTPURL(World.server))
        let url = try HTTPURL("https://rebinding.example/")
        let (good, bad) = (try #require(IPAddress("93.184.216.34")), try #require(IPAddress("10.0.0.1")))
        #expect(policy.refusal(of: [good], for: url) == nil)
        #expect(policy.refusal(of: [good, bad], for: url)?.isRefusedAddress == true)
    }
}
