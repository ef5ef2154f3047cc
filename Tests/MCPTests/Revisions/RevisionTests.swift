import MCP
import Testing

@Suite struct RevisionTests {
    @Test func revisionsAreListedFromTheOldestToTheNewest() {
        #expect(Revision.allCases == Revision.allCases.sorted())
        #expect(Revision.allCases.map(\.wireName) == Revision.allCases.map(\.wireName).sorted())
        #expect(Revision.allCases.first == .earliest)
        #expect(Revision.allCases.last == .latest)
    }

    @Test(arguments: ["2099-01-01", "2025-11-26", "draft", "", "2025-11-25 ", "2026-06-30"])
    func anUnknownVersionIsNotARevision(name: String) {
        #expect(Revision(wireName: name) == nil)
    }

    @Test(arguments: Revision.allCases)
    func everyRevisionIsFoundByItsNameAndHasItsOwnRow(revision: Revision) {
        #expect(Revision(wireName: revision.wireName) == revision)
        #expect(revision.profile.revision == revision)
    }

    @Test func theHandshakeEndsWithTheLatestLegacyRevision() {
        for revision in Revision.allCases {
            #expect((revision.era == .legacy) == (revision <= .latestLegacy))
            #expect(revision.profile.allows(.initialize, .clientToServer) == (revision.era == .legacy))
            #expect(revision.profile.allows(.serverDiscover, .clientToServer) == (revision.era == .modern))
        }
        #expect(Revision.latest.era == .modern)
    }

    @Test func methodsOutsideTheTableAreNotAllowed() {
        let profile = Revision.v2026_07_28.profile
        #expect(!profile.allows("tools/paint", .clientToServer))
        #expect(!profile.allows(.toolsCall, .serverToClient))
        #expect(!profile.allows(.ping, .clientToServer))
        #expect(profile.allows(.elicitationCreate, .inResult))
        #expect(!profile.allows(.elicitationCreate, .serverToClient))
    }

    @Test func methodsOfAnExtensionNeedTheExtension() {
        let profile = Revision.v2026_07_28.profile
        #expect(!profile.allows(.tasksGet, .clientToServer))
        #expect(profile.allows(.tasksGet, .clientToServer, with: [.tasks]))
        #expect(!profile.allows(.tasksGet, .serverToClient, with: [.tasks]))
        #expect(!profile.allows(.tasksResult, .clientToServer, with: [.tasks]))
        #expect(!profile.allows(notification: .tasks, .serverToClient, with: [.ui]))
    }

    @Test func batchesBelongToOneRevisionOnly() {
        #expect(Revision.allCases.filter { $0.profile.has(.batching) } == [.v2025_03_26])
    }

    @Test func everyFeatureIsInSomeRevisionAndNotInAnother() {
        for feature in Feature.allCases {
            let having = Revision.allCases.filter { $0.profile.has(feature) }
            #expect(!having.isEmpty && having.count < Revision.allCases.count, "\(feature) decides nothing")
        }
    }

    @Test func aCodeMeansWhatItsRevisionSays() {
        #expect(Revision.v2025_11_25.profile.meaning(of: .resourceNotFound) != nil)
        #expect(Revision.v2026_07_28.profile.meaning(of: .resourceNotFound) == nil)
        #expect(Revision.v2025_06_18.profile.meaning(of: .urlElicitationRequired) == nil)
        #expect(Revision.v2025_11_25.profile.meaning(of: .headerMismatch) == nil)
        #expect(Revision.v2026_07_28.profile.meaning(of: -32001) == nil)
        #expect(ErrorCode.headerMismatch.description == "-32020 HeaderMismatch")
        #expect(ErrorCode(rawValue: -32001).description == "-32001")
    }
}
