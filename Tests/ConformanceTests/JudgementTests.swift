import JSON
import MCP
import TestSupport
import Testing

@testable import Conformance

/// What checks say about servers that differ from the demo server without breaking a rule, or not badly.
@Suite struct JudgementTests {
    private static let modern = Revision.v2026_07_28
    private static let legacy = Revision.v2025_11_25

    /// The verdict of one check about a server with a difference.
    private func verdict(_ mutation: Mutation) async throws -> Verdict {
        var options = ConformanceOptions()
        options.allowsWrites = true
        options.revision = mutation.revision
        options.only = [mutation.row]
        let result = try await ConformanceRun(SoundServer.lines(mutation), options: options).run()
        return try #require(result.results.first).verdict
    }

    private static func error(_ code: Int, to request: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": request["id"] ?? nil, "error": ["code": JSONValue(code), "message": "no"]]
    }

    private static func hasEnvelope(_ request: JSONValue) -> Bool { request["params"]?["_meta"] != nil }

    @Test func aServerOfBothErasMayAnswerInitializeInTheStatelessEraAsItLikes() async throws {
        let verdict = try await verdict(
            Mutation(row: "S066", revision: Self.modern) { request, message in
                request["method"] == "initialize" && Self.hasEnvelope(request)
                    ? [Self.error(-32022, to: request)] : [message]
            }
        )
        #expect(verdict.name == "pass", "\(verdict)")
    }

    @Test(arguments: [-32022: "pass", -32601: "pass", -32603: "fail"])
    func aServerOfTheStatelessEraAloneRefusesInitialize(_ code: Int, _ name: String) async throws {
        let verdict = try await verdict(
            Mutation(row: "S066", revision: Self.modern) { request, message in
                request["method"] == "initialize" ? [Self.error(code, to: request)] : [message]
            }
        )
        #expect(verdict.name == name, "\(verdict)")
    }

    @Test func afterDiscoveryHasSucceededInitializeIsNotTried() async throws {
        let verdict = try await verdict(
            Mutation(row: "S168", revision: Self.legacy) { request, message in
                request["method"] == "initialize" && request["id"] != 1 ? [Self.error(-32022, to: request)] : [message]
            }
        )
        #expect(verdict.name == "not_applicable", "\(verdict)")
    }

    @Test(arguments: [("S040", legacy), ("S070", modern)])
    func anEmptyListWithoutTheCapabilityIsAWarning(_ row: String, _ revision: Revision) async throws {
        let greeting = revision == Self.modern ? "server/discover" : "initialize"
        let empty = Mutation.set(row, greeting, ["capabilities", "prompts"], nil, in: revision)
            .replacing("prompts/list", ["prompts"], [])
        let verdict = try await verdict(empty)
        #expect(verdict.name == "warning", "\(verdict)")
        #expect(verdict.message?.contains("prompts/list") == true, "\(verdict)")
        let full = Mutation.set(row, greeting, ["capabilities", "prompts"], nil, in: revision)
        #expect(try await self.verdict(full).name == "fail")
    }

    @Test func completionsWithoutTheCapabilityMayBeEmpty() async throws {
        let undeclared = Mutation.set("S240", "server/discover", ["capabilities", "completions"], nil)
        #expect(try await verdict(undeclared).name == "fail")
        let empty = undeclared.replacing("completion/complete", ["completion", "values"], [])
        #expect(try await verdict(empty).name == "pass")
    }

    @Test(arguments: ["A02": "description", "A09": "annotations"])
    func adviceNamesEveryToolThatLacksSomething(_ row: String, _ member: String) async throws {
        let mutation = Mutation(row: row, revision: Self.modern) { request, message in
            guard request["method"] == "tools/list", var response = message.object,
                var result = response["result"]?.object
            else { return [message] }
            let schema: JSONValue = ["type": "object", "properties": ["a": [:], "b": [:]]]
            let tool: JSONObject = [
                "name": "one", "description": "d", "inputSchema": schema,
            ]
            var other = tool
            other["name"] = "two"
            result["tools"] = [.object(tool), .object(other)]
            response["result"] = .object(result)
            return [.object(response)]
        }
        let message = try await verdict(mutation).message ?? ""
        let expected =
            row == "A02" ? #"missing in tool "one": `a`, `b`; "two": `a`, `b`"# : #"missing in tool "one", "two""#
        #expect(message == expected)
    }
}
