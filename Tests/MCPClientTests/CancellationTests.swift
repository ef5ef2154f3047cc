import JSON
import JSONRPC
import MCP
import MCPClient
import TestSupport
import Testing

/// Cancelling a task cancels its request at the server, and a late response is not a fault.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct CancellationTests {
    @Test(arguments: [FaultyServer.Era.legacy, .modern])
    func cancellingATaskSendsTheCancellationOfItsRequest(_ era: FaultyServer.Era) async throws {
        let connection = try await Connection("cancel-aware", era: era)
        let id = try await connection.cancelledCall()
        let report = try await connection.report()
        #expect(report["held"] == [id])
        #expect(report["cancelled"]?.array?.map { $0["requestId"] } == [id])
        await connection.client.close()
    }

    @Test func cancellingTwoCallsSendsTheirTwoIDs() async throws {
        let connection = try await Connection("cancel-aware", era: .legacy)
        let first = try await connection.cancelledCall()
        let second = try await connection.cancelledCall()
        let report = try await connection.report()
        #expect(first != second)
        #expect(report["cancelled"]?.array?.compactMap { $0["requestId"] } == [first, second])
        await connection.client.close()
    }

    @Test func aLateResponseIsRecordedAndNotAFault() async throws {
        let connection = try await Connection("answers-cancelled", era: .legacy)
        let id = try await connection.cancelledCall()
        _ = try await connection.report()
        let observed = connection.client.link.observations.since(0)
        let late = observed.filter { if case .lateAnswer = $0.kind { true } else { false } }
        #expect(
            late.map(\.kind.description) == [
                "the response to request \(id) came after the request was cancelled or timed out"
            ]
        )
        #expect(!observed.contains { $0.kind.isFault })
        await connection.client.close()
    }

    @Test func aRequestOfACancelledTaskIsNeverSent() async throws {
        let server = CannedServer { _, _ in nil }
        let client = try await Client.connect(to: server)
        let before = server.inbox.frames.count
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.callTool("t")
        }
        let failure = try await #require(throws: CallError.self) { try await task.value }
        guard case .failed(.cancelled) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        let after = try server.methods().dropFirst(before)
        #expect(after.isEmpty, "nothing was asked, so nothing is to be cancelled: \(after)")
    }

    /// A connection to a server that holds calls, and the tap on it.
    private struct Connection {
        let client: Client
        let tap: TappedTransport

        init(_ fault: String, era: FaultyServer.Era) async throws {
            let taps = AsyncStream<TappedTransport>.makeStream()
            let choice: EraChoice = era == .legacy ? .legacy : .modern
            client = try await Client.connect(to: FaultyServer(fault, era: era), era: choice) {
                taps.continuation.yield($0)
            }
            var iterator = taps.stream.makeAsyncIterator()
            tap = try #require(await iterator.next())
        }

        /// Calls a tool, cancels the call once it was sent, and tells its id.
        func cancelledCall() async throws -> JSONValue {
            let call = Task { try await client.callTool("slow") }
            var sent: JSONValue = nil
            while sent["method"] != "tools/call" { sent = try await tap.sent.nextJSON() }
            call.cancel()
            let failure = try await #require(throws: CallError.self) { try await call.value }
            guard case .failed(.cancelled) = failure.cause else { throw failure }
            #expect(failure.id.value == sent["id"])
            return failure.id.value
        }

        /// What the server says that it holds and was told to cancel.
        func report() async throws -> JSONValue {
            let result = try await client.callTool("cancellations").result
            _ = await tap.sent.next()
            return try #require(result["structuredContent"]?.value())
        }
    }
}
