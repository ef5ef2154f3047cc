import MCPHTTPServer
import TestSupport
import Testing

/// A server of one page, with the checks of the transports.
@Suite(.timeLimit(.minutes(5)))
struct PageServerTests {
    private func serving(
        _ change: (inout HTTPServerOptions) -> Void = { _ in },
        _ body: (PageServer) async throws -> Void
    ) async throws {
        var options = HTTPServerOptions(port: 0, path: "/page")
        change(&options)
        let server = try await PageServer.start(options, scheduler: FakeClock(), contentType: "text/x-page") {
            Array("content".utf8)
        }
        try await body(server)
        await server.stop()
    }

    private func get(
        _ server: PageServer,
        _ method: String = "GET",
        _ path: String = "/page",
        _ fields: [String] = [],
        host: String? = nil
    ) async throws -> RawResponse {
        let connection = try await RawConnection.open(server.port)
        let head = ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(server.port)")", "Connection: close"]
        connection.send((head + fields).joined(separator: "\r\n") + "\r\n\r\n")
        let response = method == "HEAD" ? try await connection.head() : try await connection.response()
        try await connection.close()
        return response
    }

    @Test func thePageIsServedWithItsContentType() async throws {
        try await serving { server in
            #expect(server.url == "http://127.0.0.1:\(server.port)/page")
            let page = try await get(server)
            #expect(page.status == 200 && page.text == "content", "\(page)")
            #expect(page["content-type"] == "text/x-page" && page["cache-control"] == "no-store")
            let head = try await get(server, "HEAD")
            #expect(head.status == 200 && head["content-length"] == "7")
            let filtered = try await get(server, "GET", "/page?name[]=x")
            #expect(filtered.status == 200)
        }
    }

    @Test func aForeignHostOrOriginIsRefused() async throws {
        try await serving({ $0.allowedHosts = ["metrics.example"] }) { server in
            for host in ["evil.example", "evil.example:\(server.port)", "127.0.0.1:1"] {
                let response = try await get(server, host: host)
                #expect(response.status == 421, "\(host)")
            }
            for origin in ["http://evil.example", "null"] {
                let response = try await get(server, "GET", "/page", ["Origin: \(origin)"])
                #expect(response.status == 403, "\(origin)")
            }
            for host in ["localhost:\(server.port)", "metrics.example"] {
                let response = try await get(server, host: host)
                #expect(response.status == 200, "\(host)")
            }
        }
    }

    @Test func otherPathsAndMethodsAreRefused() async throws {
        try await serving({ $0.limits.bodyBytes = 0 }) { server in
            let elsewhere = try await get(server, "GET", "/")
            #expect(elsewhere.status == 404 && elsewhere.text.contains("the page is /page"), "\(elsewhere)")
            for method in ["POST", "PUT", "DELETE"] {
                let response = try await get(server, method)
                #expect(response.status == 405 && response["allow"] == "GET, HEAD", "\(response)")
            }
            let large = try await get(server, "GET", "/page", ["Content-Length: 1"])
            #expect(large.status == 413)
        }
    }

    @Test func aPortInUseIsAListenFailure() async throws {
        try await serving { server in
            let options = HTTPServerOptions(port: server.port, path: "/page")
            await #expect(throws: ListenFailure.self) {
                try await PageServer.start(options, scheduler: FakeClock(), contentType: "text/plain") { [] }
            }
        }
    }

    @Test func aStoppedServerFreesItsPort() async throws {
        var port = 0
        try await serving { server in
            port = server.port
            // A reader that keeps its connection does not hold up the server.
            let connection = try await RawConnection.open(port)
            connection.send("GET /page HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
            let response = try await connection.response()
            #expect(response.status == 200)
        }
        try await serving({ $0.port = port }) { server in
            let response = try await get(server)
            #expect(response.status == 200)
        }
    }
}
