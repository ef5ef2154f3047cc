import JSON
import MCP
import TestSupport
import Tester
import Testing

/// The text of a report has its room; the structured object is whole unless it is very large.
@Suite(.timeLimit(.minutes(15)))
struct BudgetTests {
    @Test("The text of a call has what users of the first mcp-test-mcp know")
    func textOfACall() async throws {
        let report = await (try await TesterSession.calling(Self.result("short"))).callTool("t")
        let text = Self.text(of: report)
        #expect(text.members?.map(\.key) == ["verdict", "success", "tool_call", "metadata"])
        #expect(text["metadata"]?.members?.map(\.key) == ["request_time_ms", "server_url", "connection_statistics"])
        #expect(text.bytes.count < 400)
    }

    @Test("A verbose text is the structured object, a terse one the result alone")
    func verbosity() async throws {
        let report = await (try await TesterSession.calling(Self.result("short"))).callTool("t")
        #expect(Self.text(of: report, isVerbose: true).bytes == report.structured.bytes)
        let terse = Self.text(of: report, isVerbose: false)
        #expect(terse.members?.map(\.key) == ["verdict", "success", "tool_call"])
        var other = Report(.pass, "added")
        other.add("result", 5)
        other.add("metadata", ["request_time_ms": 0])
        #expect(Self.text(of: other, isVerbose: false).members?.map(\.key) == ["verdict", "success", "result"])
    }

    @Test("A long string is cut at the budget, and the handle of the rest is given")
    func longString() async throws {
        let report = await (try await TesterSession.calling(Self.result(String(repeating: "x", count: 50_000))))
            .callTool("t")
        let text = Self.text(of: report, tokens: 1000)
        let cut = text["tool_call"]?["result"]?.string ?? ""
        #expect(cut.hasPrefix("xxxx"))
        #expect(cut.hasSuffix("of 50000 bytes omitted]"))
        #expect(text.bytes.count <= 4100)
        #expect(text["more"]?.string == "read_result with handle @1 has the rest.")
        #expect(report.structured["tool_call"]?["result"]?.string?.count == 50_000)
    }

    @Test("What is ours is never cut")
    func ours() async throws {
        let report = await (try await TesterSession.calling(Self.result(String(repeating: "x", count: 50_000))))
            .callTool("t")
        let text = Self.text(of: report, tokens: 0)
        for key in ["verdict", "success"] { #expect(text.value()[key] == report.structured.value()[key]) }
        #expect(text["tool_call"]?["tool_name"]?.string == "t")
        #expect(text["metadata"]?["connection_statistics"]?["tools_called"]?.number?.int64 == 1)
    }

    @Test(
        "No character is cut in the middle",
        arguments: ["ü", "€", "😀", #"\u00fc"#, #"\ud83d\ude00"#, #"\n"#, #"\\"#]
    )
    func characters(_ character: String) async throws {
        let report = await (try await TesterSession.calling(Self.result(String(repeating: character, count: 2000))))
            .callTool("t")
        let whole = try JSONValue(parsing: Array(#""\#(character)""#.utf8)).string ?? ""
        for tokens in 150...160 {
            let text = Self.text(of: report, tokens: tokens)
            let cut = try #require(text["tool_call"]?["result"]?.string?.split(separator: "…").first)
            #expect(!cut.isEmpty)
            #expect(cut.allSatisfy { String($0) == whole }, "\(cut.suffix(20))")
        }
    }

    @Test("A long list is shown as signatures, then as names, then as some of the names")
    func longList() async throws {
        let report = try await listing(500)
        let signatures = Self.text(of: report, tokens: 20_000)
        #expect(signatures["tools"]?.elements?.count == 500)
        #expect(signatures["tools"]?.elements?.first?["signature"]?.string == "(query: string, limit?: integer = 50)")
        let names = Self.text(of: report, tokens: 3000)
        #expect(names["tools"]?.elements?.compactMap { $0["name"]?.string } == (0..<500).map { "tool-\($0)" })
        let some = Self.text(of: report, tokens: 500)
        let shown = some["tools"]?.elements ?? []
        #expect(shown.count > 10 && shown.count < 200)
        #expect(shown.last?["omitted"]?.string == "\(500 - (shown.count - 1)) of 500")
        #expect(some["metadata"]?["total_tools"]?.number?.int64 == 500)
        #expect(some["more"] != nil)
        #expect(report.structured["tools"]?.elements?.count == 500)
    }

    @Test("The chosen detail of a list is kept even if more would fit")
    func chosenDetail() async throws {
        let names = Self.text(of: try await listing(3, ListOptions(detail: .names)))
        #expect(names["tools"]?.elements?.compactMap { $0["name"]?.string } == ["tool-0", "tool-1", "tool-2"])
        let signatures = Self.text(of: try await listing(3, ListOptions(detail: .signatures)))
        #expect(signatures["tools"]?.elements?.first?["input_schema"] == nil)
        #expect(signatures["tools"]?.elements?.first?["signature"] != nil)
    }

    @Test("A filter keeps the entries whose name or description contains it, and counts the others")
    func filter() async throws {
        let report = try await listing(120, ListOptions(filter: "TOOL-11"))
        let names = report.structured["tools"]?.elements?.compactMap { $0["name"]?.string }
        #expect(names == ["tool-11"] + (110..<120).map { "tool-\($0)" })
        #expect(report.structured["metadata"]?["total_tools"]?.number?.int64 == 11)
        #expect(report.structured["metadata"]?["unmatched_tools"]?.number?.int64 == 109)
    }

    @Test("The text is valid JSON wherever it is cut, and never longer than the whole")
    func validity() async throws {
        let block = #"{"type":"text","text":"\#(String(repeating: "ü\\n", count: 300))"}"#
        let result =
            #"{"content":[\#(block),\#(block)],"structuredContent":{"a":[1.0,"\#(String(repeating: "y", count: 900))"]}}"#
        let report = await (try await TesterSession.calling(result)).callTool("t")
        for tokens in stride(from: 0, through: 900, by: 7) {
            let text = Self.text(of: report, tokens: tokens)
            #expect(throws: Never.self) { try JSONValue(parsing: Array(text.bytes)) }
            #expect(text.bytes.count <= report.structured.bytes.count)
        }
    }

    @Test("Structured content beyond 100 kB is cut unless everything is wanted")
    func largeStructure() async throws {
        let report = await (try await TesterSession.calling(Self.result(String(repeating: "x", count: 200_000))))
            .callTool("t")
        func structured(_ view: ReportView) -> Int { report.rendered(view) { _ in "@1" }.structured.bytes.count }
        #expect(structured(ReportView()) <= 101 << 10)
        #expect(structured(ReportView(isVerbose: true)) > 200_000)
        #expect(structured(ReportView(structure: .whole)) > 200_000)
        #expect(structured(ReportView(structure: .bounded)) <= 6200)
    }

    @Test("Images and bytes are shown by size and hash, and whole in the structured object")
    func media() async throws {
        let data = String(repeating: "QUJD", count: 100)
        let result = #"{"content":[{"type":"image","mimeType":"image/png","data":"\#(data)"}]}"#
        let report = await (try await TesterSession.calling(result)).callTool("t")
        let block = Self.text(of: report)["tool_call"]?["content"]?.elements?.first
        #expect(block?["mimeType"]?.string == "image/png")
        #expect(block?["data"]?.string?.hasPrefix("[300 bytes, SHA-256 ") == true, "\(block?.description ?? "")")
        #expect(report.structured["tool_call"]?["content"]?.elements?.first?["data"]?.string == data)
    }

    private static func text(of report: Report, tokens: Int? = nil, isVerbose: Bool? = nil) -> JSONText {
        report.rendered(ReportView(isVerbose: isVerbose, tokens: tokens)) { _ in "@1" }.text
    }

    private static func result(_ text: String) -> String {
        #"{"content":[{"type":"text","text":"\#(text)"}]}"#
    }

    private func listing(_ count: Int, _ options: ListOptions = ListOptions()) async throws -> Report {
        let schema =
            #"{"type":"object","properties":{"query":{"type":"string"},"limit":{"type":"integer","default":50}},"required":["query"]}"#
        let tools = (0..<count).map { #"{"name":"tool-\#($0)","description":"Searches.","inputSchema":\#(schema)}"# }
        let server = CannedServer { method, _ in
            method == "tools/list" ? .result(#"{"tools":[\#(tools.joined(separator: ","))]}"#) : nil
        }
        return await (try await TesterSession.connected(to: server)).listTools(on: nil, options)
    }
}
