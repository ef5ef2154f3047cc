import JSON
import MCP
import Testing

/// Sees to it that every member the schemas know has an accessor of a fitting type.
@Suite struct AccessorTests {
    @Test(arguments: AccessorList.all)
    func everyMemberHasAnAccessorOfItsType(list: AccessorList) {
        #expect(list.unmatched == [])
    }
}
