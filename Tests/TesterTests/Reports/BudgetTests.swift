import JSON
import MCP
import TestSupport
import Tester
import Testing

/// The text of an answer has its room; the structured object is always whole.
@Suite(.timeLimit(.minutes(15)))
struct BudgetTests {
    @Test func whatFitsIsTheSameObjectInBoth() async throws {
        let answer = await (try await TesterSession.calling(Self.result("short"))).callTool("t")
        #expect(answer.budgeted(Budget(), structured: answer.structured).bytes == answer.structured.bytes)
    }

    @Test func aLongTextIsCutCountedAndMarked() async throws {
        let answer = await (try await TesterSession.calling(Self.result(String(repeating: "x", count: 50_000))))
            .callTool("t")
        let text = answer.budgeted(Budget(tokens: 1000), structured: answer.structured)
        let cut = text["tool_call"]?["result"]?.string ?? ""
        #expect(cut.hasPrefix("xxxx"))
        #expect(cut.hasSuffix("of 50000 bytes; the full value is in structuredContent]"))
        #expect(text.bytes.count < 8000)
        #expect(answer.structured["tool_call"]?["result"]?.string?.count == 50_000)
    }

    @Test func whatIsOursIsNeverCut() async throws {
        let answer = await (try await TesterSession.calling(Self.result(String(repeating: "x", count: 50_000))))
            .callTool("t")
        let text = answer.budgeted(Budget(tokens: 0), structured: answer.structured)
        for key in ["verdict", "success", "checks", "metadata"] {
            #expect(text.value()[key] == answer.structured.value()[key])
        }
        #expect(text["tool_call"]?["tool_name"]?.string == "t")
    }

    @Test(arguments: ["ü", "€", "😀", #"\u00fc"#, #"\ud83d\ude00"#, #"\n"#, #"\\"#])
    func noCharacterIsCutInTheMiddle(_ character: String) async throws {
        let answer = await (try await TesterSession.calling(Self.result(String(repeating: character, count: 2000))))
            .callTool("t")
        let whole = try JSONValue(parsing: Array(#""\#(character)""#.utf8)).string ?? ""
        for tokens in 100...110 {
            let text = answer.budgeted(Budget(tokens: tokens), structured: answer.structured)
            let cut = try #require(text["tool_call"]?["result"]?.string?.split(separator: "…").first)
            #expect(!cut.isEmpty)
            #expect(cut.allSatisfy { String($0) == whole }, "\(cut.suffix(20))")
        }
    }

    @Test func aLongListIsCutByEntries() async throws {
        let tools = (0..<500).map { #"{"name":"tool-\#($0)","inputSchema":{"type":"object"}}"# }
        let server = CannedServer { method, _ in
            method == "tools/list" ? .result(#"{"tools":[\#(tools.joined(separator: ","))]}"#) : nil
        }
        let answer = await (try await TesterSession.connected(to: server)).listTools()
        let text = answer.budgeted(Budget(tokens: 500), structured: answer.structured)
        let shown = try #require(text["tools"]?.elements)
        #expect(shown.count > 10 && shown.count < 60)
        for (index, entry) in shown.dropLast().enumerated() { #expect(entry["name"]?.string == "tool-\(index)") }
        let left = 500 - (shown.count - 1)
        #expect(shown.last?["cut"]?.string == "\(left) of 500 entries; the full value is in structuredContent")
        #expect(answer.structured["tools"]?.elements?.count == 500)
        #expect(text["metadata"]?["total_tools"]?.number?.int64 == 500)
    }

    @Test func theTextIsValidJSONWhereverItIsCut() async throws {
        let block = #"{"type":"text","text":"\#(String(repeating: "ü\\n", count: 300))"}"#
        let result =
            #"{"content":[\#(block),\#(block)],"structuredContent":{"a":[1.0,"\#(String(repeating: "y", count: 900))"]}}"#
        let answer = await (try await TesterSession.calling(result)).callTool("t")
        for tokens in stride(from: 0, through: 900, by: 7) {
            let text = answer.budgeted(Budget(tokens: tokens), structured: answer.structured)
            #expect(throws: Never.self) { try JSONValue(parsing: Array(text.bytes)) }
        }
    }

    private static func result(_ text: String) -> String {
        #"{"content":[{"type":"text","text":"\#(text)"}]}"#
    }
}
