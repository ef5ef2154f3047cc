import Testing
import TextUtilities

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("plain", 5), ("ümläut", 6), ("e\u{301}", 1), ("日本", 4), ("한국", 4), ("ｆ", 2), ("👍", 2), ("👍🏽", 2),
        ("👩‍👧", 2), ("🇵🇹", 2), ("❤️", 2), ("❤", 1), ("\u{200B}", 0), ("…", 1), ("‹redacted›", 10), ("\t", 0),
    ])
    func aTextHasTheColumnsThatTerminalsUse(text: String, columns: Int) {
        #expect(text.displayWidth == columns)
    }
}
