import MCP
import Testing

@Suite struct SpecificationPageTests {
    @Test func aPageIsFoundWhereTheRevisionHasIt() {
        let site = "https://modelcontextprotocol.io/specification"
        #expect(Revision.v2025_06_18.url(of: .tools) == "\(site)/2025-06-18/server/tools")
        #expect(Revision.v2024_11_05.url(of: .messages) == "\(site)/2024-11-05/basic/messages")
        #expect(Revision.v2025_11_25.url(of: .messages) == "\(site)/2025-11-25/basic/index")
        #expect(Revision.v2025_11_25.url(of: .stdio) == "\(site)/2025-11-25/basic/transports#stdio")
        #expect(Revision.v2026_07_28.url(of: .stdio) == "\(site)/2026-07-28/basic/transports/stdio")
        #expect(Revision.v2026_07_28.url(of: .versioning) == "\(site)/2026-07-28/basic/versioning")
    }

    @Test func aPageThatARevisionDoesNotHaveHasNoAddress() {
        #expect(Revision.v2024_11_05.url(of: .authorization) == nil)
        #expect(Revision.v2025_03_26.url(of: .authorization) != nil)
        #expect(Revision.v2025_03_26.url(of: .elicitation) == nil)
    }

    @Test func theLatestRevisionHasAllPages() {
        for page in SpecificationPage.allCases { #expect(Revision.latest.url(of: page) != nil, "\(page)") }
    }
}
