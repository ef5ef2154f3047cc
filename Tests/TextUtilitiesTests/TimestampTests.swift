import Testing
import TextUtilities

struct TimestampTests {
    @Test func timestampIsISO8601InUTC() {
        #expect(Timestamp.now.wholeMatch(of: /20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ/) != nil)
    }
}

struct RandomIdentifierTests {
    @Test func identifiersHave32HexadecimalDigitsAndDiffer() {
        let identifiers = (0..<100).map { _ in randomIdentifier() }
        #expect(identifiers.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{32}/) != nil })
        #expect(Set(identifiers).count == 100)
    }
}
