import JSON
import JSONRPC
import MCP
import MCPClient
import TestSupport
import Testing

/// Lists of many pages, and endless lists.
@Suite(.timeLimit(.minutes(15)))
struct ListingTests {
    @Test func allPagesAreFetchedInOrder() async throws {
        let server = CannedServer { method, message in
            guard method == "tools/list" else { return nil }
            return switch message["params"]?["cursor"]?.string {
            case nil: .result(#"{"tools":[{"name":"a"},{"name":"b"}],"nextCursor":"two"}"#)
            case "two": .result(#"{"tools":[],"nextCursor":"three"}"#)
            case "three": .result(#"{"tools":[{"name":"c"}]}"#)
            default: .error(#"{"code":-32602,"message":"no such cursor"}"#)
            }
        }
        let listing = await (try await Client.connect(to: server)).list(.tools)
        #expect(listing.shortfall == nil)
        #expect(names(listing) == ["a", "b", "c"])
        #expect(listing.pages.count == 3)
    }

    @Test func anItemIsKeptByteForByte() async throws {
        let item = #"{"name":"a","b":1.0,"a":1e400,"a":[ 1 ],"zz":null}"#
        let server = CannedServer { method, _ in method == "tools/list" ? .result(#"{"tools":[\#(item)]}"#) : nil }
        let listing = await (try await Client.connect(to: server)).list(.tools)
        #expect(listing.items.map(\.description) == [item])
    }

    @Test func pagesBeforeAFailedOneAreKept() async throws {
        let server = CannedServer { method, message in
            guard method == "tools/list" else { return nil }
            return message["params"]?["cursor"] == nil
                ? .result(#"{"tools":[{"name":"a"}],"nextCursor":"two"}"#)
                : .error(#"{"code":-32603,"message":"the database is gone"}"#)
        }
        let listing = await (try await Client.connect(to: server)).list(.tools)
        #expect(names(listing) == ["a"])
        guard case .failed(let error)? = listing.shortfall, case .rejected(let refusal) = error.cause else {
            return #expect(Bool(false), "\(String(describing: listing.shortfall))")
        }
        #expect(refusal.message == "the database is gone")
    }

    @Test(arguments: [#"{"tools":"none"}"#, #"{}"#, #"{"tools":[{"name":"b"}],"nextCursor":7}"#])
    func pagesBeforeAMalformedOneAreKept(_ second: String) async throws {
        let server = CannedServer { method, message in
            guard method == "tools/list" else { return nil }
            return message["params"]?["cursor"] == nil
                ? .result(#"{"tools":[{"name":"a"}],"nextCursor":"two"}"#) : .result(second)
        }
        let listing = await (try await Client.connect(to: server)).list(.tools)
        #expect(names(listing).first == "a")
        guard case .malformed(page: 2, _)? = listing.shortfall else {
            return #expect(Bool(false), "\(String(describing: listing.shortfall))")
        }
    }

    @Test func newCursorsWithOnlyOldItemsEndTheList() async throws {
        let server = CannedServer { method, message in
            guard method == "tools/list" else { return nil }
            let page = (message["params"]?["cursor"]?.string).flatMap(Int.init) ?? 0
            return .result(#"{"tools":[{"name":"a"}],"nextCursor":"\#(page + 1)"}"#)
        }
        let listing = await (try await Client.connect(to: server)).list(.tools)
        guard case .repeatingItems? = listing.shortfall else {
            return #expect(Bool(false), "\(String(describing: listing.shortfall))")
        }
        #expect(listing.pages.count < 20)
    }

    @Test(arguments: ListKind.allCases)
    func everyKindIsListedByItsMethod(_ kind: ListKind) async throws {
        let server = CannedServer { method, _ in
            method == kind.method.rawValue ? .result(#"{"\#(kind.rawValue)":[{"name":"a"}]}"#) : nil
        }
        let listing = await (try await Client.connect(to: server)).list(kind)
        #expect(names(listing) == ["a"])
    }

    // MARK: - Limits

    @Test("a list that exceeds the limit of bytes ends within it and says what was omitted")
    func listOfLargeItems() async throws {
        let server = Self.endlessServer(itemsPerPage: 3, padding: 1000)
        let listing = await (try await Client.connect(to: server, lists: ListLimits(bytes: 10_000))).list(.tools)
        guard case .tooLarge(limit: 10_000, page: 4, omitted: let omitted)? = listing.shortfall else {
            return #expect(Bool(false), "\(String(describing: listing.shortfall))")
        }
        // Whole pages of 3,100 bytes, and what fits of the one after them.
        #expect(listing.items.count == 9)
        #expect(omitted == 3)
        #expect(listing.items.reduce(0) { $0 + $1.bytes.count } <= 10_000)
        #expect(listing.pages.count == 3)
        #expect(try server.methods().filter { $0 == "tools/list" }.count == 4)
    }

    @Test("one page that is too large for the limit of bytes is cut")
    func listOfOneLargePage() async throws {
        let server = Self.endlessServer(itemsPerPage: 100, padding: 1000)
        let listing = await (try await Client.connect(to: server, lists: ListLimits(bytes: 10_000))).list(.tools)
        guard case .tooLarge(limit: 10_000, page: 1, omitted: let omitted)? = listing.shortfall else {
            return #expect(Bool(false), "\(String(describing: listing.shortfall))")
        }
        #expect(listing.items.count == 9)
        #expect(listing.items.count + omitted == 100)
    }

    @Test("a list that exceeds the limit of items ends there and says what was omitted", arguments: [6, 7])
    func listOfManyItems(_ limit: Int) async throws {
        let server = Self.endlessServer(itemsPerPage: 3, padding: 0)
        let listing = await (try await Client.connect(to: server, lists: ListLimits(items: limit))).list(.tools)
        #expect(listing.items.count == limit)
        let sentence = limit == 6 ? "all pages after page 2" : "2 items of page 3 and all later pages"
        #expect(listing.shortfall?.description == "the list has more than \(limit) items; \(sentence) were omitted")
    }

    @Test("by default a list is limited to 1,000 pages, 100,000 items and 64 MiB")
    func defaultListLimits() {
        #expect(ListLimits() == ListLimits(pages: 1000, items: 100_000, bytes: 67_108_864))
    }

    /// A server whose list of tools never ends.
    private static func endlessServer(itemsPerPage: Int, padding: Int) -> CannedServer {
        CannedServer { method, message in
            guard method == "tools/list" else { return nil }
            let page = (message["params"]?["cursor"]?.string).flatMap(Int.init) ?? 0
            let text = String(repeating: "x", count: padding)
            let items = (0..<itemsPerPage).map { #"{"name":"t\#(page)-\#($0)","description":"\#(text)"}"# }
            return .result(#"{"tools":[\#(items.joined(separator: ","))],"nextCursor":"\#(page + 1)"}"#)
        }
    }

    // MARK: - Against the scripted server

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func aRepeatedCursorEndsTheList() async throws {
        let server = try FaultyServer("looping-cursor")
        let client = try await Client.connect(to: server, era: .legacy)
        let listing = await client.list(.tools)
        await client.close()
        guard case .repeatingCursor("again", page: 2)? = listing.shortfall else {
            return #expect(Bool(false), "\(String(describing: listing.shortfall))")
        }
        #expect(names(listing) == ["echo", "count", "echo", "count"])
        #expect(try server.methods().filter { $0 == "tools/list" }.count == 2)
    }

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func endlessCursorsEndAtTheLimitOfPages() async throws {
        let client = try await Client.connect(
            to: FaultyServer("endless-cursor"),
            era: .legacy,
            lists: ListLimits(pages: 30)
        )
        let listing = await client.list(.tools)
        await client.close()
        guard case .tooManyPages(limit: 30)? = listing.shortfall else {
            return #expect(Bool(false), "\(String(describing: listing.shortfall))")
        }
        #expect(names(listing).count == 30)
        #expect(names(listing).last == "echo-29")
    }

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func anEmptyCursorIsACursorLikeAnyOther() async throws {
        let client = try await Client.connect(to: FaultyServer("empty-cursor"), era: .legacy)
        let listing = await client.list(.tools)
        await client.close()
        #expect(listing.shortfall == nil)
        #expect(names(listing) == ["echo", "count"])
    }

    private func names(_ listing: Listing) -> [String] {
        listing.items.compactMap { $0["name"]?.string }
    }
}
