import JSON
import Synchronization
import TestSupport
import Testing

/// Every combination of responses of an HTTP server to server/discover and initialize, over real sockets.
@Suite(.timeLimit(.minutes(15)))
struct EraMatrixTests {
    /// A response of the server.
    enum Answer: Sendable {
        case result(String)
        case error(Int, status: Int, data: String = "null")
        case page(status: Int)
        case nothing(status: Int)

        static let modern = Self.result(
            #"{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{},"ttlMs":0,"cacheScope":"private"}"#
        )
        static let legacy = Self.result(
            #"{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}"#
        )

        static func offers(_ versions: String) -> Self {
            .result(
                #"{"resultType":"complete","supportedVersions":\#(versions),"capabilities":{},"ttlMs":0,"cacheScope":"private"}"#
            )
        }

        static func unsupported(_ versions: String) -> Self {
            .error(-32022, status: 400, data: #"{"supported":\#(versions),"requested":"2026-07-28"}"#)
        }

        func send(to id: String, on connection: ScriptedHTTPConnection) async throws {
            switch self {
            case .result(let result):
                try await connection.answer(200, body: #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#)
            case .error(let code, let status, let data):
                let error = #"{"code":\#(code),"message":"no","data":\#(data)}"#
                try await connection.answer(status, body: #"{"jsonrpc":"2.0","id":\#(id),"error":\#(error)}"#)
            case .page(let status):
                try await connection.answer(status, [("Content-Type", "text/html")], body: "<!DOCTYPE html><p>Hello")
            case .nothing(let status): try await connection.answer(status, [])
            }
        }
    }

    /// The expected outcome: a revision over a transport, or a failure class.
    enum Outcome: Sendable {
        case speaks(String, over: String = "streamable-http")
        case fails(String)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let discover: [Answer]
        var initialize = Answer.legacy
        /// Whether the path also has the stream of the first revision's transport.
        var hasStream = false
        let outcome: Outcome
        /// The methods of the requests until then.
        var asked: [String]
    }

    private static let discovered = ["server/discover"]
    private static let shaken = ["server/discover", "initialize"]

    static let rows: [Row] = [
        Row("a modern server", [.modern], .speaks("2026-07-28"), discovered),
        Row("a server of both eras", [.offers(#"["2025-11-25","2026-07-28"]"#)], .speaks("2026-07-28"), discovered),
        Row("only legacy revisions offered", [.offers(#"["2025-06-18"]"#)], .speaks("2025-11-25"), shaken),
        Row("every request gets an empty result", [.result("{}")], .speaks("2025-11-25"), shaken),
        Row(
            "another modern revision is required",
            [.unsupported(#"["2026-07-28"]"#), .modern],
            .speaks("2026-07-28"),
            discovered + discovered
        ),
        Row("legacy revisions are required", [.unsupported(#"["2025-11-25"]"#)], .speaks("2025-11-25"), shaken),
        Row("unknown revisions are required", [.unsupported(#"["2099-01-01"]"#)], .fails("version"), discovered),
        Row("401", [.nothing(status: 401)], .fails("auth"), discovered),
        Row("401 with a message", [.error(-32600, status: 401)], .fails("auth"), discovered),
        Row("403", [.nothing(status: 403)], .fails("auth"), discovered),
        Row("400 with nothing", [.nothing(status: 400)], .speaks("2025-11-25"), shaken),
        Row("400 with a page", [.page(status: 400)], .speaks("2025-11-25"), shaken),
        Row("400 and an unknown session", [.error(-32000, status: 400)], .speaks("2025-11-25"), shaken),
        Row("404 and an unknown method", [.error(-32601, status: 404)], .speaks("2025-11-25"), shaken),
        Row("200 and an unknown method", [.error(-32601, status: 200)], .speaks("2025-11-25"), shaken),
        Row("200 and wrong parameters", [.error(-32602, status: 200)], .speaks("2025-11-25"), shaken),
        Row("405", [.nothing(status: 405)], .speaks("2025-11-25"), shaken),
        Row("406", [.nothing(status: 406)], .speaks("2025-11-25"), shaken),
        Row("500", [.nothing(status: 500)], .fails("transport"), discovered),
        Row("503 with a page", [.page(status: 503)], .fails("transport"), discovered),
        Row(
            "a modern server that only initialize reveals",
            [.nothing(status: 404), .modern],
            handshake: .unsupported(#"["2026-07-28"]"#),
            .speaks("2026-07-28"),
            shaken + discovered
        ),
        Row(
            "the handshake is refused",
            [.error(-32601, status: 200)],
            handshake: .error(-32600, status: 200),
            .fails("handshake"),
            shaken
        ),
        Row(
            "the handshake fails",
            [.nothing(status: 404)],
            handshake: .nothing(status: 500),
            .fails("transport"),
            shaken
        ),
        Row(
            "HTTP+SSE, posts are not allowed",
            [.nothing(status: 405)],
            handshake: .nothing(status: 405),
            hasStream: true,
            .speaks("2024-11-05", over: "sse"),
            shaken + ["initialize"]
        ),
        Row(
            "HTTP+SSE, posts are not found",
            [.page(status: 404)],
            handshake: .page(status: 404),
            hasStream: true,
            .speaks("2024-11-05", over: "sse"),
            shaken + ["initialize"]
        ),
        Row(
            "no MCP at all",
            [.page(status: 404)],
            handshake: .page(status: 404),
            .fails("transport"),
            shaken + ["ping"]
        ),
    ]

    @Test(arguments: rows)
    func theEraIsDetected(_ row: Row) async throws {
        let server = try MatrixServer(row)
        let run = try await RunningProgram.run(["raw", server.url, "tools/list", "--json"])
        switch row.outcome {
        case .speaks(let revision, let transport):
            #expect(run.code == 0, "\(run)")
            let metadata = try run.json()["metadata"]
            #expect(metadata?["protocol_version"]?.string == revision, "\(run)")
            #expect(metadata?["transport"]?.string == transport, "\(run)")
            #expect(server.methods == row.asked + ["tools/list"])
        case .fails(let failureClass):
            #expect(run.code == 3, "\(run)")
            #expect(try run.errorReport()?["code"]?.string == failureClass, "\(run)")
            #expect(server.methods == row.asked)
        }
    }
}

extension EraMatrixTests.Row {
    init(
        _ name: String,
        _ discover: [EraMatrixTests.Answer],
        handshake: EraMatrixTests.Answer = .legacy,
        hasStream: Bool = false,
        _ outcome: EraMatrixTests.Outcome,
        _ asked: [String]
    ) {
        testDescription = name
        self.discover = discover
        initialize = handshake
        self.hasStream = hasStream
        self.outcome = outcome
        self.asked = asked
    }
}

/// A server that responds as a row of the matrix says.
private final class MatrixServer: Sendable {
    private let server: ScriptedHTTPServer

    init(_ row: EraMatrixTests.Row) throws {
        let discovered = Counter()
        let answers = Mailbox()
        server = try ScriptedHTTPServer { connection in
            while let request = try await connection.readRequest() {
                if request.method == "GET", row.hasStream {
                    try await connection.beginEvents()
                    try await connection.chunk("event: endpoint\ndata: /messages?session=1\n\n")
                    while true {
                        let answer = String(decoding: await answers.next(), as: UTF8.self)
                        try await connection.chunk("event: message\ndata: \(answer)\n\n")
                    }
                }
                guard request.method == "POST" else {
                    try await connection.answer(request.method == "GET" ? 405 : 200, [])
                    continue
                }
                let message = try JSONValue(parsing: request.body)
                guard let id = message["id"]?.description else {
                    try await connection.answer(202, [])
                    continue
                }
                if request.target.hasPrefix("/messages") {
                    let result =
                        message["method"] == "initialize"
                        ? #"{"protocolVersion":"2024-11-05","capabilities":{},"serverInfo":{"name":"s","version":"1"}}"#
                        : #"{"tools":[]}"#
                    try await connection.answer(202, [])
                    answers.put(Array(#"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#.utf8))
                    continue
                }
                let answer: EraMatrixTests.Answer =
                    switch message["method"] {
                    case "server/discover": row.discover[min(discovered.next(), row.discover.count - 1)]
                    case "initialize": row.initialize
                    default: .result(#"{"resultType":"complete","tools":[],"ttlMs":0,"cacheScope":"private"}"#)
                    }
                try await answer.send(to: id, on: connection)
            }
        }
    }

    var url: String { server.url() }

    /// The methods of all requests so far.
    var methods: [String] {
        server.requests.filter { $0.method == "POST" }.compactMap { request in
            let message = try? JSONValue(parsing: request.body)
            return message?["id"] == nil ? nil : message?["method"]?.string
        }
    }
}

/// Numbers from 0 on.
private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}
