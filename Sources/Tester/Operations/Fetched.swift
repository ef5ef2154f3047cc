import JSON
import JSONRPC
import MCP
import MCPClient

/// A list as fetched from a target.
struct Fetched {
    var listing = Listing()
    /// Whether the target declares the kind; if not, nothing was requested.
    var isDeclared = true
    /// The difference from the list as fetched before, if it was.
    var difference: ListDifference?

    /// Whether the target does not know the method.
    var isUnknownMethod: Bool {
        if case .failed(let error)? = listing.shortfall, case .rejected(let refusal) = error.cause {
            return refusal.errorCode == .methodNotFound
        }
        return false
    }

    /// Why the list is incomplete; `nil` if it is complete.
    func failure(_ operation: Operation, _ method: String) -> Failure? {
        guard let shortfall = listing.shortfall else { return nil }
        let count = listing.items.count
        let pages = listing.pages.count == 1 ? "1 page" : "\(listing.pages.count) pages"
        let shown = listing.pages.isEmpty ? "" : " The \(count) items of \(pages) are shown."
        if case .failed(let error) = shortfall {
            var failure = operation.failure(error, during: method)
            failure.message += shown
            return failure
        }
        var isTimeout = false
        if case .timeout = shortfall { isTimeout = true }
        return Failure(
            isTimeout ? .timeout : .protocolError,
            isTimeout ? .timeout : .executionError,
            "The list of \(method) is incomplete: \(shortfall).\(shown)",
            nextStep: shortfall.nextStep,
            evidence: Evidence.ofList(
                method,
                pages: listing.pages.count,
                on: operation.client.link,
                since: operation.mark
            )
        )
    }
}

extension Listing.Shortfall {
    /// What the author of the server can try.
    fileprivate var nextStep: String {
        switch self {
        case .timeout: "Raise the timeout, or check why the server takes so long."
        case .tooManyItems, .tooLarge: "Shorten the list or its items, and omit nextCursor on the last page."
        case .failed, .malformed, .repeatingCursor, .repeatingItems, .tooManyPages:
            "Return an array of items on each page, and omit nextCursor on the last one."
        }
    }
}
