import JSON
import Testing

/// Queries as RFC 9535 defines them, without filters.
struct JSONPathTests {
    private static let document: JSONValue = [
        "store": [
            "book": [
                ["title": "one", "price": 1], ["title": "two", "price": 2], ["title": "three", "price": 3],
            ],
            "bicycle": ["price": 20],
        ],
        "a.b": true,
    ]

    @Test(
        "A query finds the places that the RFC says",
        arguments: [
            ("$", [""]),
            ("$.store.book[0].title", ["/store/book/0/title"]),
            ("$['store']['book'][-1]['title']", ["/store/book/2/title"]),
            ("$.store.book[*].price", ["/store/book/0/price", "/store/book/1/price", "/store/book/2/price"]),
            ("$.store.book[0:2].price", ["/store/book/0/price", "/store/book/1/price"]),
            ("$.store.book[::-1].price", ["/store/book/2/price", "/store/book/1/price", "/store/book/0/price"]),
            ("$.store.book[0,2].title", ["/store/book/0/title", "/store/book/2/title"]),
            (
                "$..price",
                ["/store/book/0/price", "/store/book/1/price", "/store/book/2/price", "/store/bicycle/price"]
            ),
            (#"$["a.b"]"#, ["/a.b"]),
            ("$.store.*", ["/store/book", "/store/bicycle"]),
            ("$.store.book[7]", []),
        ] as [(String, [String])]
    )
    func query(_ text: String, _ pointers: [String]) throws {
        #expect(try JSONPath(text).matches(in: Self.document).map(\.pointer.description) == pointers)
    }

    @Test(
        "What is not a query is refused with its place",
        arguments: ["", "store", "$.", "$[", "$['a", "$[?@.a]", "$..", "$x"]
    )
    func faults(_ text: String) {
        #expect(throws: JSONPath.Fault.self) { try JSONPath(text) }
    }
}
