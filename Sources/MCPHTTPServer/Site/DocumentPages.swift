/// JSON documents at fixed paths, which web pages of any origin may read.
///
/// Source: RFC 9728, section 3.
public struct DocumentPages: SitePages {
    private let documents: [String: [UInt8]]
    private let isShared: Bool

    /// Creates pages.
    ///
    /// - Parameters:
    ///   - documents: The documents, by path.
    ///   - isShared: Whether web pages of other origins may read them.
    public init(_ documents: [String: [UInt8]], isShared: Bool = true) {
        self.documents = documents
        self.isShared = isShared
    }

    /// Whether there is a document at a path.
    public func contains(_ path: String) -> Bool { documents[path] != nil }

    /// Returns the document to GET and HEAD.
    public func respond(to request: SiteRequest) async -> SiteResponse {
        let sharing = isShared ? [(name: "Access-Control-Allow-Origin", value: "*")] : []
        switch request.method {
        case "GET", "HEAD":
            let fields = [
                (name: "Content-Type", value: "application/json"), (name: "Cache-Control", value: "no-store"),
            ]
            return SiteResponse(status: 200, fields: fields + sharing, body: documents[request.path] ?? [])
        case "OPTIONS":
            let methods = isShared ? [(name: "Access-Control-Allow-Methods", value: "GET, HEAD")] : []
            // Clients of older revisions send their version with it.
            let headers = isShared ? [(name: "Access-Control-Allow-Headers", value: "MCP-Protocol-Version")] : []
            return SiteResponse(status: 204, fields: sharing + methods + headers)
        default: return SiteResponse(status: 405, fields: [(name: "Allow", value: "GET, HEAD")] + sharing)
        }
    }
}
