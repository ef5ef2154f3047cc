import JSON
import MCP

extension Check {
    /// Caching.
    static let caching: [Check] = [
        Check(
            "S280",
            "sep-2549-caching-hints",
            .must,
            .caching,
            in: .modern,
            rule: "Complete results of lists, discover and read have ttlMs and cacheScope"
        ) { p in
            _ = try await reads(p)
            for exchange in cacheable(p) {
                for name in ["ttlMs", "cacheScope"] {
                    try p.expect(exchange.result?[name] != nil, "\(exchange.method ?? ""): no \(name)", exchange)
                }
            }
        },
        Check(
            "S281",
            "sep-2549-ttl-non-negative",
            .must,
            .caching,
            in: .modern,
            phase: .passive,
            rule: "ttlMs is an integer of at least 0"
        ) { p in
            for exchange in p.traffic.exchanges {
                guard let ttl = exchange.result?["ttlMs"] else { continue }
                try p.expect((ttl.int ?? -1) >= 0, "\(exchange.method ?? ""): ttlMs \(ttl)", exchange)
            }
        },
        Check(
            "S282",
            "sep-2549-cache-scope-valid",
            .must,
            .caching,
            in: .modern,
            phase: .passive,
            rule: "cacheScope is public or private"
        ) { p in
            for exchange in p.traffic.exchanges {
                guard let scope = exchange.result?["cacheScope"] else { continue }
                try p.expect(
                    ["public", "private"].contains(scope),
                    "\(exchange.method ?? ""): cacheScope \(scope)",
                    exchange
                )
            }
        },
        Check(
            "S283",
            "cache-scope-of-pages",
            .must,
            .caching,
            in: .modern,
            rule: "All pages of a list have the same cacheScope"
        ) { p in
            var didCheck = false
            for kind in Catalog.Kind.allCases {
                let pages = p.catalog.pages[kind] ?? []
                guard pages.count > 1 else { continue }
                didCheck = true
                let scopes = Set(pages.compactMap { $0.result?["cacheScope"] })
                try p.expect(scopes.count < 2, "\(kind.method): \(scopes.count) values", pages.last)
            }
            if !didCheck { throw Verdict.Stop.notApplicable("a list of several pages") }
        },
        Check(
            "S284",
            "no-caching-of-input-requests",
            .must,
            .caching,
            in: .modern,
            phase: .passive,
            rule: "A result that requests input has no caching hints"
        ) { p in
            _ = try await p.capableCalls()
            let results = p.traffic.exchanges.filter { $0.result?["resultType"] == "input_required" }
            for exchange in try p.needAny(results, "a callable tool that requests input from the client") {
                for name in ["ttlMs", "cacheScope"] { try p.expect(exchange.result?[name] == nil, "\(name)", exchange) }
            }
        },
    ]

    private static func cacheable(_ p: Probe) -> [Exchange] {
        let methods = [
            "server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list",
            "resources/read",
        ]
        return p.traffic.exchanges.filter { exchange in
            methods.contains(exchange.method ?? "") && exchange.result != nil
                && exchange.result?["resultType"] != "input_required"
        }
    }
}
