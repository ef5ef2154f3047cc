import JSON
import MCP

extension Check {
    /// Pagination.
    static let pages: [Check] = [
        Check(
            "S250",
            "pagination-ends",
            .must,
            .pagination,
            rule: "Following nextCursor ends, and no cursor comes twice"
        ) { p in
            for kind in Catalog.Kind.allCases {
                try p.expect(
                    p.catalog.shortfalls[kind] == nil,
                    "\(kind.method): \(p.catalog.shortfalls[kind] ?? "")",
                    p.catalog.pages[kind]?.last
                )
                let pages = p.catalog.pages[kind] ?? []
                let failed = pages.dropFirst().first { $0.result == nil }
                try p.expect(failed == nil, "\(kind.method): the next page: \(failed?.outcome ?? "")", failed)
            }
        },
        Check("S251", "invalid-cursor", .should, .pagination, rule: "An invalid cursor gets error -32602") { p in
            for kind in Catalog.Kind.allCases where p.catalog.pages[kind]?.first?.result != nil {
                try p.expectError(await p.request(kind.method, ["cursor": "no-such-cursor-%%"]), -32602, kind.method)
            }
        },
        Check("S252", "cursor-stable", .should, .pagination, rule: "The same cursor gets the same page") { p in
            var didCheck = false
            for kind in Catalog.Kind.allCases {
                guard let cursor = p.catalog.pages[kind]?.first?.result?["nextCursor"] else { continue }
                let (one, two) = (
                    await p.request(kind.method, ["cursor": cursor]), await p.request(kind.method, ["cursor": cursor])
                )
                try p.expect(
                    one.result?[kind.rawValue] == two.result?[kind.rawValue],
                    "\(kind.method): another page",
                    one,
                    two
                )
                didCheck = true
            }
            if !didCheck { throw Verdict.Stop.notApplicable("a list of several pages") }
        },
        Check(
            "S253",
            "cursor-form",
            .must,
            .pagination,
            phase: .passive,
            rule: "nextCursor is a string if it is present"
        ) { p in
            for exchange in p.traffic.exchanges {
                guard let cursor = exchange.result?["nextCursor"] else { continue }
                try p.expect(cursor.string != nil, "\(exchange.method ?? ""): \(cursor)", exchange)
            }
        },
    ]
}
