import JSON
import MCP
import Testing

/// Checks that every member of the schemas has an accessor of a matching type.
@Suite struct AccessorTests {
    @Test(arguments: AccessorList.all)
    func everyMemberHasAnAccessorOfItsType(list: AccessorList) {
        #expect(list.unmatched == [])
    }
}
