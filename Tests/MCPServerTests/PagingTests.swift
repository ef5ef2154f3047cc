import JSON
import MCP
import MCPServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct PagingTests {
    private let host: ScriptedHost

    init() throws {
        var server = Server(info: Implementation(name: "s", version: "1"))
        server.pageSize = 2
        for number in 1...5 {
            try server.add(Tool(name: "t\(number)")) { _, _ in .complete(.text("")) }
            server.add(Resource(uri: "r:\(number)", name: "r\(number)")) { _, _ in .complete([]) }
            try server.add(ResourceTemplate(uriTemplate: "x\(number):{id}", name: "x\(number)")) { _, _ in .complete([])
            }
            server.add(Prompt(name: "p\(number)")) { _, _ in .complete(GetPromptResult(messages: [])) }
        }
        host = ScriptedHost(server)
    }

    @Test(
        arguments: [
            ("tools/list", "tools"), ("resources/list", "resources"), ("prompts/list", "prompts"),
            ("resources/templates/list", "resourceTemplates"),
        ]
    )
    func eachListIsReadPageByPageToItsEnd(method: String, member: String) async throws {
        var names: [String] = []
        var sizes: [Int] = []
        var cursor: JSONValue?
        repeat {
            let params: JSONObject = cursor.map { ["cursor": $0] } ?? [:]
            let page = try await host.ask(method, .modern(params))["result"]
            let items = page?[member]?.array ?? []
            sizes.append(items.count)
            names += items.compactMap { $0["name"]?.string?.suffix(1) }.map(String.init)
            cursor = page?["nextCursor"]
        } while cursor != nil
        #expect(names == ["1", "2", "3", "4", "5"])
        #expect(sizes == [2, 2, 1])
    }

    @Test func theSameCursorGivesTheSamePage() async throws {
        let cursor = try await host.ask("tools/list", .modern())["result"]?["nextCursor"]
        let params: JSONObject = ["cursor": try #require(cursor)]
        let first = try await host.ask("tools/list", .modern(params))["result"]
        #expect(first == (try await host.ask("tools/list", .modern(params))["result"]))
    }

    @Test func theEmptyCursorIsTheFirstPage() async throws {
        let page = try await host.ask("tools/list", .modern(["cursor": ""]))["result"]
        #expect(page?["tools"]?[0]?["name"] == "t1")
    }

    @Test(arguments: ["garbage", "from-", "from-0", "from-1", "from-6", "from--2", "from-+2", 3, .null] as [JSONValue])
    func anUnknownCursorIsRefused(cursor: JSONValue) async throws {
        #expect(try await host.ask("tools/list", .modern(["cursor": cursor])).code == -32602)
    }

    @Test func withoutAPageSizeEverythingIsOnOnePage() async throws {
        let result = try await ScriptedHost(try .sample()).ask("tools/list", .modern())["result"]
        #expect(result?["tools"]?.array?.count == 3)
        #expect(result?["nextCursor"] == nil)
    }
}
