import NIOHTTP1

extension SiteRequest {
    init(_ request: HTTPRequest) {
        let query = request.head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst()
        self.init(
            method: request.head.method.rawValue,
            path: String(request.head.path),
            query: query.first.map { String($0.prefix { $0 != "#" }) },
            fields: request.head.headers.map { ($0.name, $0.value) },
            body: request.body
        )
    }
}

extension HTTPResponse {
    init(_ response: SiteResponse) {
        self.init(
            status: HTTPResponse.Status(statusCode: response.status),
            fields: response.fields.map { ($0.name, $0.value) },
            body: response.body
        )
    }
}
