import JSON
import MCP
import MCPClient
import Synchronization
import TestSupport
import Testing

@testable import Tester

/// The text of a report says what a reader needs, and everything once.
@Suite(.timeLimit(.minutes(15)))
struct ShortTextTests {
    @Test(arguments: [
        ("", ""), ("short", "short"), ("exactly 10", "exactly 10"), ("eleven long", "eleven lo…"),
        ("two\nlines", "two lines"), ("\ra\r\n\nb\n", "a b"), ("ünïcödé 10", "ünïcödé 10"),
        ("ünïcödé 10!", "ünïcödé 1…"),
        ("👩‍👩‍👧‍👧👩‍👩‍👧‍👧", "👩‍👩‍👧‍👧👩‍👩‍👧‍👧"),
    ])
    func aTextIsShortenedByCharactersToOneLine(text: String, short: String) {
        #expect(text.shortened(to: 10) == short)
    }

    @Test("Of a list that cannot be shown whole, only what is shown is made")
    func namesOfALongList() throws {
        let made = Mutex(0)
        let name = JSONText(["name": "tool"])
        let signature = JSONText(["name": "tool", "signature": "(query)"])
        let entry = EntryList.Entry(full: signature, signature: { signature }) {
            made.withLock { $0 += 1 }
            return name
        }
        let entries = [EntryList.Entry](repeating: entry, count: 2000)
        var report = Report(.pass, "2000 tools")
        report.add("tools", .entries(EntryList(entries: entries)))
        let shown = try #require(Self.text(of: report)["tools"]?.elements?.count)
        #expect(shown > 100 && shown < 600)
        #expect(made.withLock(\.self) < 3 * shown)
    }

    @Test("the status of a healthy connection is short; other connections and standard error are shown")
    func status() async throws {
        let session = try await TesterSession.calling(#"{"content":[]}"#)
        let healthy = Self.text(of: session.status())
        #expect(
            healthy.members?.map(\.key) == ["verdict", "success", "connected", "connection", "message", "metadata"]
        )
        #expect(healthy["connection"]?["target"] == nil && healthy["connection"]?["transport"] != nil)
        #expect(healthy.bytes.count < 700)
        _ = await session.connect(.init(target: Target(command: "canned"), name: "second"))
        #expect(Self.text(of: session.status())["connections"]?.elements?.count == 2)
        #expect(session.status().structured["evidence"]?["frames"]?.number != nil)

        let noisy = TesterSession.stdio(era: .legacy)
        let arguments = ["-c", "echo careful >&2\n\(shellServer)"]
        _ = await noisy.connect(.init(target: Target(command: "/bin/sh", arguments: arguments)))
        _ = await noisy.callTool("t")
        let server = Self.text(of: noisy.status())["evidence"]?["server"]
        #expect(server?["stderr_tail"]?.description == #"["careful"]"#, "\(server?.description ?? "")")
        #expect(server?["pid"] == nil)
        _ = await noisy.disconnect(all: true)
    }

    @Test("a status without a connection has all keys of its metadata")
    func statusWithoutConnection() async throws {
        let session = try await TesterSession.calling("{}")
        _ = await session.disconnect(all: true)
        let metadata = session.status().structured["metadata"]
        #expect(metadata?["connection_duration_seconds"]?.kind == .null)
    }

    @Test("the request is not shown beside the result of a tool that failed, but stray output is")
    func request() async throws {
        let failed = #"{"content":[{"type":"text","text":"no"}],"isError":true}"#
        let report = await (try await TesterSession.calling(failed)).callTool("t")
        #expect(report.structured["evidence"]?["last_frames"]?.elements?.count == 1)
        #expect(Self.text(of: report)["evidence"] == nil, "\(Self.text(of: report))")
        let server = CannedServer { method, _ in
            guard method == "tools/call" else { return nil }
            return .frames(["panic", #"{"jsonrpc":"2.0","id":<id>,"result":\#(failed)}"#])
        }
        let stray = await (try await TesterSession.connected(to: server)).callTool("t")
        #expect(Self.text(of: stray)["evidence"]?["last_frames"]?.description.contains("panic") == true)
    }

    @Test("a terse text has everything that belongs to the result")
    func terse() async throws {
        let server = CannedServer { method, _ in
            method == "prompts/get"
                ? .result(#"{"messages":[{"role":"user","content":{"type":"text","text":"hello"}}]}"#) : nil
        }
        let report = await (try await TesterSession.connected(to: server)).getPrompt("p")
        let text = Self.text(of: report, isVerbose: false)
        #expect(text.members?.map(\.key) == ["verdict", "success", "prompt"])
        #expect(text["prompt"]?["messages"]?.elements?.count == 1, "\(text)")

        let asking = try await TesterSession.connected(to: InputRequestingServer(.legacy, rounds: [[.form("who")]]))
        let question = Self.text(of: await asking.callTool("ask"), isVerbose: false)["questions"]?.elements?.first
        #expect(question?["key"]?.string == "who", "\(question?.description ?? "")")
        #expect(question?["example"] != nil)
    }

    @Test("a text with several long parts keeps to its budget", arguments: [400, 1000, 1500, 5000])
    func severalLongParts(_ tokens: Int) {
        let long = JSONText(.string(String(repeating: "x", count: 50_000)))
        let object = JSONText(["list": [["a": .string(String(repeating: "y", count: 5000))], ["b": 2]]])
        var report = Report(.pass, "done")
        report.add("first", .payload(long))
        report.add("second", .list([.object([.init(key: "text", value: .payload(long))]), .payload(object)]))
        report.add("third", .payload(object))
        let text = report.rendered(ReportView(tokens: tokens)) { _ in "@1" }.text
        #expect(text.bytes.count <= 4 * tokens)
        #expect(text.members?.map(\.key).suffix(4) == ["first", "second", "third", "more"])
    }

    @Test("arguments of a prompt have the keys of the first mcp-test-mcp")
    func promptArguments() async throws {
        let arguments = #"[{"name":"a","title":"A"},{"name":"b","description":"B","required":true},5]"#
        let server = CannedServer { method, _ in
            method == "prompts/list" ? .result(#"{"prompts":[{"name":"p","arguments":\#(arguments)}]}"#) : nil
        }
        let report = await (try await TesterSession.connected(to: server)).listPrompts()
        let expected: JSONValue = [
            ["name": "a", "title": "A", "description": nil, "required": false],
            ["name": "b", "description": "B", "required": true], 5,
        ]
        #expect(report.json["prompts"]?[0]?["arguments"] == expected, "\(report.json)")
    }

    @Test("the command that repeats a call of the demo server names it as users do")
    func demoServer() {
        let failure = Failure.usage("no", nextStep: "none")
        let call = FailedCall(.tool("t", arguments: nil), failure)
        let demo = Target(command: OwnExecutable.path, arguments: ["demo"])
        #expect(call.commandLine(for: .init(target: demo)) == "mcp-test-mcp call demo t")
        let faulty = Target(command: OwnExecutable.path, arguments: ["demo", "--fault", "x"])
        #expect(call.commandLine(for: .init(target: faulty)).hasSuffix(" -- \(OwnExecutable.path) demo --fault x"))
    }

    @Test(
        "a target is named without its secrets",
        arguments: [
            ("http://h/mcp", "http://h/mcp"), ("me:s3cret@h/mcp", "me:‹redacted:password›@h/mcp"),
            ("uv run --key s3cret", "uv"), ("/no/such.py", "/no/such.py"),
        ]
    )
    func shownTarget(_ text: String, _ shown: String) {
        #expect(Target.shown(text) == shown)
    }

    private static func text(of report: Report, isVerbose: Bool? = nil) -> JSONText {
        report.rendered(ReportView(isVerbose: isVerbose)) { _ in "@1" }.text
    }
}
