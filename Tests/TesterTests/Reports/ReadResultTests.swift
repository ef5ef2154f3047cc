import JSON
import TestSupport
import Testing

@testable import Tester

/// What a report left out is read by its handle.
@Suite(.timeLimit(.minutes(15)))
struct ReadResultTests {
    @Test("A string is read page by page, and the pages make the whole")
    func pages() async throws {
        let (session, handle) = try await kept(#"{"content":[{"type":"text","text":"\#(Self.longText)"}]}"#)
        var (text, offset): (String, Int?) = ("", 0)
        while let from = offset {
            let page = await session.readResult(
                handle,
                .init(select: "/tool_call/result", offset: from),
                in: ReportView()
            )
            .json
            #expect(page["success"] == true, "\(page)")
            text += page["value"]?.string ?? ""
            offset = page["next_offset"]?.int
        }
        #expect(text == Self.longText)
    }

    @Test("Without a selection the outline says what there is to select")
    func outline() async throws {
        let (session, handle) = try await kept(#"{"content":[{"type":"text","text":"\#(Self.longText)"}]}"#)
        let report = await session.readResult(handle, .init(), in: ReportView()).json
        #expect(report["outline"]?["/tool_call"]?.string?.hasPrefix("object of 4 members") == true, "\(report)")
        #expect(report["next_step"]?.string == "Give one of these pointers as select.")
    }

    @Test("With an offset an object is read as text, page by page")
    func objectPages() async throws {
        let (session, handle) = try await kept(#"{"content":[{"type":"text","text":"\#(Self.longText)"}]}"#)
        let whole = try #require(session.wholeResult(handle)).description
        let page = await session.readResult(handle, .init(offset: 20, limit: 30), in: ReportView()).json
        let scalars = whole.unicodeScalars.dropFirst(20).prefix(30)
        #expect(page["value"]?.string == String(String.UnicodeScalarView(scalars)), "\(page)")
        #expect(page["total"]?.int == whole.unicodeScalars.count && page["next_offset"] == 50, "\(page)")
    }

    @Test("A JSONPath selects several values with their places")
    func path() async throws {
        let content = #"[{"type":"text","text":"one"},{"type":"text","text":"two"}]"#
        let (session, handle) = try await kept(#"{"content":\#(content)}"#)
        let report = await session.readResult(handle, .init(select: "$..content[*].text"), in: ReportView()).json
        #expect(report["value"] == ["one", "two"])
        #expect(report["pointers"] == ["/tool_call/content/0/text", "/tool_call/content/1/text"])
    }

    @Test("A search shows each place with its surroundings")
    func search() async throws {
        let (session, handle) = try await kept(#"{"content":[{"type":"text","text":"a needle in \#(Self.longText)"}]}"#)
        let report = await session.readResult(handle, .init(search: "NEEDLE"), in: ReportView()).json
        #expect(report["matches"]?.array?.count == 1)
        #expect(report["matches"]?[0]?["pointer"] == "/tool_call/result")
        #expect(report["matches"]?[0]?["offset"]?.int == 2)
    }

    @Test("Offsets count Unicode scalars, also where a letter has no lower case of one scalar")
    func unicode() async throws {
        let (session, handle) = try await kept(
            #"{"content":[{"type":"text","text":"\u0130\u0130 e\u0301 👩‍👩‍👧 needle"}]}"#
        )
        let report = await session.readResult(handle, .init(search: "needle"), in: ReportView()).json
        let offset = try #require(report["matches"]?[0]?["offset"]?.int, "\(report)")
        let selection = ResultSelection(select: "/tool_call/result", offset: offset)
        #expect(await session.readResult(handle, selection, in: ReportView()).json["value"] == "needle")
        #expect(
            await session.readResult(handle, .init(search: "İ"), in: ReportView()).json["matches"]?.array?.count == 2
        )
    }

    @Test("A limit asks for more than the default page, but not for more than any host takes")
    func limit() async throws {
        let (session, handle) = try await kept(#"{"content":[{"type":"text","text":"\#(Self.longText)"}]}"#)
        func page(_ limit: Int?) async -> Int? {
            let selection = ResultSelection(select: "/tool_call/result", limit: limit)
            return await session.readResult(handle, selection, in: ReportView()).json["value"]?.string?.count
        }
        #expect(await page(10) == 10)
        #expect(await page(nil) ?? 0 < 6000)
        #expect(await page(12_000) == 12_000)
        #expect(await page(1_000_000) == Self.longText.count)
    }

    @Test("Newer results of any session displace the oldest")
    func sharedLimit() throws {
        let store = ResultStore(limit: 100)
        let (one, other) = (store.addOwner(), store.addOwner())
        let whole = JSONText(.string(String(repeating: "x", count: 40)))
        #expect(store.keep(whole, of: one, connectionID: nil) == "@1")
        #expect(store.keep(whole, of: other, connectionID: "c") == "@1")
        #expect(store.keep(whole, of: other, connectionID: nil) == "@2")
        #expect(throws: ResultStore.Absence.expired) { try store.find("@1", of: one) }
        #expect(throws: ResultStore.Absence.unknown) { try store.find("@2", of: one) }
        #expect(store.handles(of: other) == ["@1", "@2"])
        store.removeAll(about: "c")
        #expect(store.handles(of: other) == ["@2"])
        store.removeAll(of: other)
        #expect(throws: ResultStore.Absence.unknown) { try store.find("@2", of: other) }
    }

    @Test("A wrong handle, pointer or path says what would be right")
    func wrongInput() async throws {
        let (session, handle) = try await kept(#"{"content":[{"type":"text","text":"x"}]}"#)
        func error(_ handle: String, _ select: String?) async -> JSONValue? {
            await session.readResult(handle, .init(select: select), in: ReportView()).json["error"]
        }
        #expect(await error("@99", nil)?["message"] == "Unknown handle \"@99\".")
        #expect(await error("@99", nil)?["suggestion"]?.string?.contains(handle) == true)
        #expect(await error(handle, "/tool_cal")?["message"]?.string?.hasSuffix("Did you mean \"tool_call\"?") == true)
        #expect(await error(handle, "$.[")?["message"]?.string?.contains("at character") == true)
        #expect(await error(handle, "$.nothing")?["error_type"] == "invalid_arguments")
    }

    @Test("A handle expires with its connection")
    func expiry() async throws {
        let (session, handle) = try await kept(#"{"content":[]}"#)
        _ = await session.disconnect()
        let report = await session.readResult(handle, .init(), in: ReportView()).json
        #expect(report["error"]?["message"]?.string?.contains("no longer kept") == true, "\(report)")
    }

    @Test("A selection is saved to a new file, media decoded, and an existing file is never overwritten")
    func saving() async throws {
        let (session, handle) = try await kept(
            #"{"content":[{"type":"image","mimeType":"image/png","data":"AAECAw=="}]}"#
        )
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/image.png"
        let selection = ResultSelection(select: "/tool_call/content/0/data", file: file)
        let saved = await session.readResult(handle, selection, in: ReportView()).json
        #expect(saved["bytes"]?.int == 4, "\(saved)")
        #expect(try folder.bytes("image.png") == [0, 1, 2, 3])
        let again = await session.readResult(handle, selection, in: ReportView()).json
        #expect(again["error"]?["message"]?.string?.contains("was not overwritten") == true, "\(again)")
    }

    private static let longText = String(repeating: "0123456789 abcdef ", count: 1000)

    private func kept(_ result: String) async throws -> (TesterSession, String) {
        let session = try await TesterSession.calling(result)
        let report = await session.callTool("t")
        return (session, session.keep(report.structured, of: report))
    }
}
