import MCPClient
import Platform
import TestSupport
import Tester
import Testing

@testable import TesterCommands

@Suite struct ListingCacheTests {
    private let folder: TemporaryFolder
    private let cache: ListingCache
    private let names = ListedNames([
        .tools: [.init(name: "echo", description: "Gives it back.", arguments: [.init(name: "m", values: ["a", "b"])])]
    ])

    init() throws {
        folder = try TemporaryFolder()
        cache = ListingCache(directory: "\(folder.path)/cache", now: { 1000 })
    }

    private func at(_ time: Int) -> ListingCache { ListingCache(directory: cache.directory, now: { time }) }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func namesAreKeptForFiveMinutes() {
        cache.keep(names, for: "key")
        #expect(at(1299).content(for: "key") == .names(names))
        #expect(at(1300).content(for: "key") == nil)
        #expect(at(999).content(for: "key") == nil, "a file of the future is not trusted")
        #expect(cache.content(for: "other") == nil)
    }

    @Test func onlyTheUserCanReadTheFiles() {
        cache.keep(names, for: "key")
        #expect(mode(cache.directory) == 0o700)
        #expect(mode("\(cache.directory)/key.json") == 0o600)
    }

    @Test func filesThatOthersCanReadOrReplaceAreNotUsed() {
        cache.keep(names, for: "key")
        chmod("\(cache.directory)/key.json", 0o644)
        #expect(cache.content(for: "key") == nil)
        chmod("\(cache.directory)/key.json", 0o600)
        #expect(cache.content(for: "key") == .names(names))
        chmod(cache.directory, 0o777)
        #expect(cache.content(for: "key") == nil)
        cache.keep(names, for: "second")
        #expect(access("\(cache.directory)/second.json", F_OK) != 0)
    }

    @Test func kindsThatWereNotListedAgainStay() {
        cache.keep(names, for: "key")
        cache.keep(ListedNames([.prompts: [.init(name: "ask")]]), for: "key")
        guard case .names(let all)? = cache.content(for: "key") else {
            Issue.record("nothing is kept")
            return
        }
        #expect(all.entries[.tools] == names.entries[.tools])
        #expect(all.entries[.prompts]?.map(\.name) == ["ask"])
    }

    @Test func aTargetThatListedNothingInTimeIsLeftAloneForAMinute() {
        cache.noteUnreachable("key")
        #expect(at(1059).content(for: "key") == .unreachable)
        #expect(at(1060).content(for: "key") == nil)
        cache.keep(names, for: "key")
        #expect(cache.content(for: "key") == .names(names))
    }

    @Test func aBrokenFileIsIgnored() throws {
        cache.keep(names, for: "key")
        for content in ["", "{", "[]", #"{"written":"soon"}"#, #"{"written":1000,"tools":[{"name":1},2]}"#] {
            let file = try #require(fopen("\(cache.directory)/key.json", "w"))
            fputs(content, file)
            fclose(file)
            let found = cache.content(for: "key")
            #expect(found == nil || found == .names(ListedNames([.tools: []])), "\(content)")
        }
    }
}
