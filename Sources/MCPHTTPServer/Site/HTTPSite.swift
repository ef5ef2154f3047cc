/// What belongs to a server besides its endpoint: how it authorizes, and the pages at other paths.
public struct HTTPSite: Sendable {
    /// Verifies access tokens; nil to use ``HTTPServerOptions/authentication``.
    public var authorization: ResourceAuthorization?
    /// Pages, such as metadata; nil if there are none.
    public var pages: (any SitePages)?

    /// Creates a site.
    public init(authorization: ResourceAuthorization? = nil, pages: (any SitePages)? = nil) {
        self.authorization = authorization
        self.pages = pages
    }
}

/// Pages besides the endpoint.
///
/// Anyone may request them, without a token, and from web pages of any origin: they decide themselves what they allow.
public protocol SitePages: Sendable {
    /// Whether there is a page at a path.
    func contains(_ path: String) -> Bool

    /// Responds to a request for one of the pages.
    func respond(to request: SiteRequest) async -> SiteResponse
}

/// A request for a page.
public struct SiteRequest: Sendable {
    /// The HTTP method in capitals.
    public var method: String
    /// The path.
    public var path: String
    /// The query without its question mark; nil if there is none.
    public var query: String?
    /// The header fields, in order.
    public var fields: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// Creates a request.
    public init(
        method: String,
        path: String,
        query: String? = nil,
        fields: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
    }

    /// The first value of a header field; case is ignored.
    public func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// The response to a request for a page.
public struct SiteResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The header fields.
    public var fields: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// Creates a response.
    public init(status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
