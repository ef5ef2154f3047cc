import JSON
import TestSupport
import Tester
import Testing

@testable import TesterServer

/// What the text of a result shows, and where the rest is.
@Suite(.timeLimit(.minutes(15)))
struct ResultTextTests {
    @Test("a repeated failure refers to the first, even in a verdict that is cut")
    func repeatedFailureRefersToTheFirst() async throws {
        let reason = String(repeating: "because it rained ", count: 40)
        let host = try await connectedHost { method, _ in
            method == "tools/call" ? .result(#"{"isError":true,"content":[{"type":"text","text":"\#(reason)"}]}"#) : nil
        }
        let first = try await host.answer("call_tool", ["name": "t"])
        let second = try await host.answer("call_tool", ["name": "t"])
        #expect(first["failure_number"] == 1, "\(first)")
        #expect(first["verdict"]?.string?.contains("same as") == false)
        #expect(second["failure_number"] == 2)
        #expect(second["fingerprint"] == first["fingerprint"])
        let verdict = try #require(second["verdict"]?.string)
        #expect(verdict.hasSuffix("… (same as #1, 2nd time)"), "\(verdict)")
        #expect(verdict.count <= 200)
    }

    @Test("a failure has the command line that repeats it")
    func failureHasCommandLine() async throws {
        let host = try await connectedHost { method, _ in
            method == "tools/call" ? .error(#"{"code":-32603,"message":"no"}"#) : nil
        }
        let report = try await host.answer("call_tool", ["name": "t", "arguments": ["city": "Rio de Janeiro"]])
        #expect(report["repeat_with"] == #"mcp-test-mcp call t '{"city":"Rio de Janeiro"}' -- canned"#, "\(report)")
    }

    @Test("verbose and max_tokens decide what the text shows")
    func viewDecidesWhatIsShown() async throws {
        let long = String(repeating: "y", count: 20_000)
        let host = try await connectedHost { method, _ in
            method == "tools/call" ? .result(#"{"content":[{"type":"text","text":"\#(long)"}]}"#) : nil
        }
        func text(_ arguments: JSONObject) async throws -> (JSONValue, Int) {
            var given: JSONObject = ["name": "t"]
            for member in arguments.members { given[member.key] = member.value }
            let text = try #require(try await host.call("call_tool", given)["content"]?[0]?["text"]?.string)
            return (try JSONValue(parsing: Array(text.utf8)), text.utf8.count)
        }
        let (normal, normalSize) = try await text([:])
        let (terse, _) = try await text(["verbose": false])
        let (verbose, _) = try await text(["verbose": true])
        let (_, smallSize) = try await text(["max_tokens": 300])
        #expect(normalSize <= 6000 && normalSize > 4000)
        #expect(smallSize <= 1200)
        #expect(normal["metadata"] != nil && normal["more"]?.string?.contains("@") == true, "\(normal)")
        #expect(terse["metadata"] == nil && terse["tool_call"] != nil, "\(terse)")
        #expect(verbose["tool_call"]?["result"]?.string == long)
        #expect(verbose["more"] == nil)
    }

    @Test("what was omitted is also a resource, until its connection is closed")
    func omittedPartIsResource() async throws {
        let long = String(repeating: "y", count: 20_000)
        let host = try await connectedHost { method, _ in
            method == "tools/call" ? .result(#"{"content":[{"type":"text","text":"\#(long)"}]}"#) : nil
        }
        try await host.call("call_tool", ["name": "t"])
        func read(_ uri: String) async throws -> JSONValue {
            try await host.wire.ask("resources/read", host.params(["uri": .string(uri)]))
        }
        let content = try #require(try await read("result://1")["result"]?["contents"]?[0]?["text"]?.string)
        #expect(try JSONValue(parsing: Array(content.utf8))["tool_call"]?["result"]?.string == long)
        #expect(try await read("result://2")["error"] != nil)
        try await host.call("disconnect")
        #expect(try await read("result://1")["error"] != nil)
    }

    @Test("events are paged by what fits, and the pages have every event once")
    func eventsArePaged() async throws {
        let host = try await connectedHost { method, message in
            guard method == "tools/call" else { return nil }
            let token = message["params"]?["_meta"]?["progressToken"]
            let reports = (1...200).map { number in
                #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":\#(token ?? 0),"progress":\#(number),"message":"\#(String(repeating: "m", count: 100))"}}"#
            }
            return .frames(reports + [#"{"jsonrpc":"2.0","id":\#(message["id"] ?? 0),"result":{"content":[]}}"#])
        }
        try await host.call("call_tool", ["name": "t"])
        var (seen, since, pages): ([Int], Int, Int) = ([], 0, 0)
        while true {
            let result = try await host.call("get_events", ["since": JSONValue(since), "kinds": ["progress"]])
            let text = try #require(result["content"]?[0]?["text"]?.string)
            #expect(text.utf8.count <= 6000)
            let page = try JSONValue(parsing: Array(text.utf8))
            let events = try #require(page["events"]?.array)
            if events.isEmpty { break }
            pages += 1
            seen += events.compactMap { $0["params"]?["progress"]?.int }
            since = try #require(page["last_number"]?.int)
        }
        #expect(seen == Array(1...200))
        #expect(pages > 3)
    }

    @Test("the sets of tools contain each other, and core is what the first mcp-test-mcp had")
    func toolSets() async throws {
        var names: [ToolSet: Set<String>] = [:]
        for set in ToolSet.allCases {
            names[set] = Set(
                try await TesterHost(TesterUnderTest(tools: set)).tools().compactMap { $0["name"]?.string }
            )
        }
        let (core, usual, all) = (names[.core] ?? [], names[.default] ?? [], names[.all] ?? [])
        #expect(core == Set(ToolTableTests.rows.map(\.name)))
        #expect(core.isStrictSubset(of: usual) && usual.isStrictSubset(of: all))
        #expect(all.count <= 32)
        for set in ToolSet.allCases where set.additions != [] {
            #expect(names[set]?.isStrictSuperset(of: usual) == true)
            #expect(names[set]?.subtracting(usual).isDisjoint(with: all) == true)
        }
    }

    @Test(
        "a set of tools is a base and additions, in any order",
        arguments: [
            ("core", "core"), ("default", "default"), ("default,suites", "suites"), ("auth , suites", "suites,auth"),
            ("suites,all", "all,suites"),
        ]
    )
    func toolSetsAreRead(_ text: String, _ canonical: String) {
        #expect(ToolSet(rawValue: text)?.rawValue == canonical)
    }

    @Test(arguments: ["", "core,all", "suits", "all,", "Core"])
    func otherTextIsNotASetOfTools(_ text: String) {
        #expect(ToolSet(rawValue: text) == nil)
    }

    private func connectedHost(
        _ target: @escaping @Sendable (_ method: String, _ message: JSONValue) -> CannedServer.Reply?
    ) async throws -> TesterHost {
        let host = try await TesterHost(TesterUnderTest(target: target))
        try await host.call("connect_to_server", ["command": "canned"])
        return host
    }
}
