import JSON
import JSONRPC
import MCPTransport
import Synchronization
import TestSupport
import Testing

@testable import TesterCommands

/// What `-v` shows of a transport with exchanges.
@Suite struct WireTapTests {
    @Test func theExchangeOfARequestIsPrintedOnceBeforeItsFirstFrame() async throws {
        let written = Written()
        let transport = ScriptedTransport()
        let tap = WireTap(transport, printer: WirePrinter(written.streams()))
        try await tap.open(RecordingReceiver())
        let receiver = try #require(transport.receiver)
        try tap.send(OutgoingFrame(bytes: Array("{}".utf8), request: 1))
        receiver.received(Array(#"{"progress":1}"#.utf8), for: 1)
        receiver.received(Array(#"{"id":1}"#.utf8), for: 1)
        receiver.failed(2, TransportFailure(.status, "it broke"))
        receiver.noted(.event("a stream was opened"))
        receiver.noted(.fault("a wrong content type", request: 1, evidence: [:]))
        let lines = written.error.split(separator: "\n").map { line in
            // Without the time at the beginning.
            line.split(separator: " ms ", maxSplits: 1).last.map(String.init) ?? ""
        }
        #expect(
            lines == [
                "-- connecting over streamable-http", "-> {}", "-- request 1: POST http://h/mcp -> 200 (HTTP/1.1)",
                #"<- {"progress":1}"#, #"<- {"id":1}"#, "-- request 2: POST http://h/mcp -> 502 (HTTP/1.1)",
                "-- request 2 failed: it broke", "-- a stream was opened", "-- fault: a wrong content type",
            ]
        )
    }

    private final class ScriptedTransport: ClientTransport {
        let kind = TransportKind.streamableHTTP
        var executor: (any TaskExecutor)? { nil }
        private let state = Mutex<(any ClientTransportReceiver)?>(nil)

        var receiver: (any ClientTransportReceiver)? { state.withLock { $0 } }

        func open(_ receiver: any ClientTransportReceiver) async throws { state.withLock { $0 = receiver } }
        func send(_ frame: OutgoingFrame) throws {}
        func abandon(_ id: RequestID) -> Bool { true }
        func close() async -> TransportEnd { TransportEnd(cause: .closedByUs, reason: "closed") }
        func evidence() -> JSONObject { [:] }

        func evidence(of request: RequestID) -> JSONObject? {
            ["method": "POST", "url": "http://h/mcp", "status": request == 1 ? 200 : 502, "http_version": "1.1"]
        }
    }
}
