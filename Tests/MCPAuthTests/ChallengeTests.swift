import Testing

@testable import MCPAuth

struct ChallengeTests {
    private struct Row: CustomTestStringConvertible {
        var value: String
        var schemes: [String]
        var parameters: [String] = []
        var problem: String?
        var testDescription: String { value }
    }

    private static let rows: [Row] = [
        Row(value: "Bearer", schemes: ["bearer"]),
        Row(value: "bearer realm=x", schemes: ["bearer"], parameters: ["realm=x"]),
        Row(
            value: #"Bearer resource_metadata="https://a.example/x?y=1,2", scope="a b""#,
            schemes: ["bearer"],
            parameters: ["resource_metadata=https://a.example/x?y=1,2", "scope=a b"]
        ),
        Row(
            value: #"Basic realm="a, \"b\"", Bearer error="invalid_token""#,
            schemes: ["basic", "bearer"],
            parameters: [#"realm=a, "b""#, "error=invalid_token"]
        ),
        Row(value: "Negotiate, Bearer scope=a", schemes: ["negotiate", "bearer"], parameters: ["scope=a"]),
        Row(
            value: "Negotiate YWJj+/==, DPoP algs=\"ES256\"",
            schemes: ["negotiate", "dpop"],
            parameters: ["algs=ES256"]
        ),
        Row(value: "Bearer  a = \"b\" , c=d", schemes: ["bearer"], parameters: ["a=b", "c=d"]),
        Row(value: ",, Bearer ,a=b,", schemes: ["bearer"], parameters: ["a=b"]),
        Row(value: "", schemes: []),
        Row(
            value: "Bearer resource_metadata=https://a.example/x",
            schemes: ["bearer"],
            parameters: ["resource_metadata=https://a.example/x"],
            problem: "not quoted"
        ),
        Row(value: #"Bearer scope="a"#, schemes: ["bearer"], parameters: ["scope=a"], problem: "not closed"),
        Row(
            value: #"Bearer a="b" c="d""#,
            schemes: ["bearer"],
            parameters: ["a=b", "c=d"],
            problem: "comma is missing"
        ),
        Row(value: #"realm="x""#, schemes: [], problem: "no scheme"),
        Row(value: "Bearer a=b, a=c", schemes: ["bearer"], parameters: ["a=b", "a=c"], problem: "repeated"),
        Row(value: #""x", Bearer a=b"#, schemes: ["bearer"], parameters: ["a=b"], problem: "not allowed"),
    ]

    @Test("WWW-Authenticate values are split into challenges and parameters", arguments: rows.indices)
    func valuesAreSplit(_ index: Int) {
        let row = Self.rows[index]
        let read = challenge(row.value)
        #expect(read.all.map(\.scheme) == row.schemes)
        #expect(read.all.flatMap(\.parameters).map { "\($0.name)=\($0.value)" } == row.parameters)
        if let problem = row.problem {
            #expect(read.problems.contains { $0.contains(problem) }, "\(read.problems)")
        } else {
            #expect(read.problems.isEmpty, "\(read.problems)")
        }
    }

    @Test("the Bearer challenge is found among several headers, and DPoP without one")
    func bearerIsFound() {
        let both = Challenges(parsing: ["DPoP error=\"use_dpop_nonce\"", "Basic realm=x", "Bearer scope=\"a b\""])
        #expect(both.token?.scheme == "bearer")
        #expect(both.token?.scopes == ScopeSet(["a", "b"]))
        #expect(challenge("Basic realm=x, DPoP algs=ES256").token?.scheme == "dpop")
        #expect(challenge("Basic realm=x").token == nil)
    }
}
