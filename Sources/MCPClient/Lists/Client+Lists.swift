import AsyncRuntime
import JSON
public import JSONRPC
import MCP

extension Client {
    /// Fetches a list page by page to its end, or up to the ``ClientOptions/listLimits``.
    ///
    /// Pages that came before a failure are kept: ``Listing/shortfall`` says what is missing and why.
    ///
    /// Source: "Pagination", all revisions: a missing `nextCursor` ends a list, an empty one does not.
    public func list(
        _ kind: ListKind,
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = []
    ) async -> Listing {
        let began = link.scheduler.now
        var listing = Listing()
        var pages = PageGuard(limits: options.listLimits)
        var cursor: String?
        repeat {
            var params = RequestParams()
            if let cursor { params.members.append(("cursor", JSONText(.string(cursor)))) }
            let known = listing.items.count
            do throws(CallError) {
                let page = try await request(kind.method, params, limits: limits, fields: fields).result
                cursor = pages.take(page, of: kind, isChecked: revision.has(.resultType), into: &listing)
                if kind == .tools { tools.learn(Array(listing.items[known...])) }
            } catch {
                listing.shortfall = .failed(error)
            }
            listing.elapsed = began.duration(to: link.scheduler.now)
            if listing.shortfall == nil, cursor != nil, let total = options.limits.total, listing.elapsed > total {
                listing.shortfall = .timeout(total)
            }
        } while cursor != nil && listing.shortfall == nil
        return listing
    }
}
