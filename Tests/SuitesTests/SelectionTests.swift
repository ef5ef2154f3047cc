import Testing

@testable import Suites

/// Which cases run.
struct SelectionTests {
    private static let suites: [Suite] = {
        var text = "version: 1\nserver: demo\ncases:\n"
        for number in 0..<10 {
            text += "  - {name: case \(number), tags: [\(number % 2 == 0 ? "even" : "odd")], steps: [{call: x}]}\n"
        }
        return (try? SuiteText.suite(text)).map { [$0] } ?? []
    }()

    private static func names(_ change: (inout CaseSelection) -> Void) -> [String] {
        var selection = CaseSelection()
        change(&selection)
        return selection.cases(of: suites).map(\.name)
    }

    @Test func filterMatchesAPartOfFileAndNameIgnoringCase() {
        #expect(Self.names { $0.filters = ["CASE 3", "yaml::case 4"] } == ["case 3", "case 4"])
    }

    @Test func filterThatIsTheNameOfACaseSelectsNoLongerNames() throws {
        let cases = "cases: [{name: one, steps: [{call: x}]}, {name: one more, steps: [{call: x}]}]"
        let suite = try SuiteText.suite("version: 1\nserver: demo\nmatrix: {protocols: [legacy, modern]}\n\(cases)\n")
        func titles(_ filter: String) -> [String] {
            var selection = CaseSelection()
            selection.filters = [filter]
            return selection.cases(of: [suite]).map(\.title)
        }
        #expect(titles("One") == ["one [legacy]", "one [modern]"])
        #expect(titles("one [modern]") == ["one [modern]"])
        #expect(titles("s.suite.yaml::one") == ["one [legacy]", "one [modern]"])
        #expect(titles("ne").count == 4)
    }

    @Test func tagsSelectAndExclude() {
        #expect(Self.names { $0.tags = ["even"] }.count == 5)
        #expect(Self.names { $0.excludedTags = ["even"] } == ["case 1", "case 3", "case 5", "case 7", "case 9"])
        #expect(Self.names { $0.lastFailed = ["s.suite.yaml::case 7"] } == ["case 7"])
    }

    @Test func shardsHaveEveryCaseOnce() {
        var all: [String] = []
        for number in 1...3 { all += Self.names { $0.shard = .init("\(number)/3") } }
        #expect(all.count == 10)
        #expect(Set(all).count == 10)
    }

    @Test(arguments: ["", "1", "0/3", "4/3", "1/0", "a/b", "1/2/3", "-1/2"])
    func invalidShardIsRefused(_ text: String) {
        #expect(CaseSelection.Shard(text) == nil)
    }

    @Test func seedGivesTheSameOrderEverywhere() {
        var one = SeededGenerator(state: 7)
        var other = SeededGenerator(state: 7)
        #expect((0..<9).shuffled(using: &one) == (0..<9).shuffled(using: &other))
    }
}
