import Testing
import TextUtilities

struct NearestNameTests {
    @Test func nearestNameIsFoundAcrossMisspellings() {
        #expect(nearest("tempurature", among: ["humidity", "temperature"]) == "temperature")
        #expect(nearest("Name", among: ["name"]) == "name")
        #expect(nearest("ab", among: ["ba"]) == "ba")
        #expect(nearest("list_tool", among: ["list_prompts", "list_tools"]) == "list_tools")
    }

    @Test func distantNameIsNotSuggested() {
        #expect(nearest("weight", among: ["color", "size"]) == nil)
        #expect(nearest("a", among: ["b"]) == nil)
        #expect(nearest("x", among: []) == nil)
    }

    @Test func nameItselfIsNotSuggested() {
        #expect(nearest("name", among: ["name"]) == nil)
        #expect(nearest("name", among: ["name", "nape"]) == "nape")
    }

    @Test func firstOfEquallyNearNamesIsSuggested() {
        #expect(nearest("cat", among: ["bat", "rat"]) == "bat")
    }

    @Test func longNamesAreComparedByTheirBeginning() {
        let prefix = String(repeating: "a", count: 64)
        #expect(nearest(prefix + "x", among: [prefix + "yz"]) == prefix + "yz")
    }
}
