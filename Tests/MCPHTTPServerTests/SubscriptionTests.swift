import JSON
import MCPServer
import TestSupport
import Testing

@Suite("Subscriptions over HTTP", .timeLimit(.minutes(5)))
struct SubscriptionTests {
    private static let tag = "io.modelcontextprotocol/subscriptionId"
    private let bus = ChangeBus([.tools])

    @Test("A subscription reports changes, and ends when the server stops")
    func ending() async throws {
        var stream: RawConnection?
        try await Serving.run(server()) { server in
            stream = try await listen(server)
            #expect(try await stream?.event()?.json["method"] == "notifications/subscriptions/acknowledged")
            bus.announce(.tools)
            let change = try await stream?.event()?.json
            #expect(change?["method"] == "notifications/tools/list_changed")
            #expect(change?["params"]?["_meta"]?.object?[Self.tag] == 1)
        }
        // The clock stands still: the server has not waited for the deadline.
        let response = try await stream?.event()?.json
        #expect(response?["id"] == 1)
        #expect(response?["result"]?["resultType"] == "complete")
        #expect(response?["result"]?["_meta"]?.object?[Self.tag] == 1)
        await stream?.untilClosed()
    }

    @Test("A subscription that is not read does not delay the others")
    func many() async throws {
        try await Serving.run(server()) { server in
            let stuck = try await listen(server)
            _ = try await stuck.event()
            try await stuck.stopReading()
            var streams: [RawConnection] = []
            for _ in 0..<20 {
                let stream = try await listen(server)
                _ = try await stream.event()
                streams.append(stream)
            }
            bus.announce(.tools)
            for stream in streams {
                #expect(try await stream.event()?.json["method"] == "notifications/tools/list_changed")
            }
        }
    }

    private func server() throws -> Server {
        var server = try Server.sample()
        server.changes = bus
        return server
    }

    private func listen(_ server: Serving) async throws -> RawConnection {
        let connection = try await server.connect()
        let params: JSONObject = ["notifications": ["toolsListChanged": true]]
        connection.send(server.modern("subscriptions/listen", params))
        _ = try await connection.head()
        return connection
    }
}
