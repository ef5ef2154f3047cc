import AsyncRuntime
import ChildProcesses
import JSON
import JSONRPC
import MCPTransport
import Platform
import Synchronization
import TestSupport
import Testing

@testable import MCPStdio

struct ResponseBacklogTests {
    /// Responds to each request of the server at once, as a client does, and keeps the faults.
    private final class Responder: ClientTransportReceiver {
        let frames = Recorder<Int>()
        let faults = Recorder<String>()
        let ends = Recorder<TransportEnd>()
        private let transport = Mutex<StdioClientTransport?>(nil)
        private let response = Array(#"{"jsonrpc":"2.0","id":1,"result":{}}"#.utf8)

        func connect(_ transport: StdioClientTransport) {
            self.transport.withLock { $0 = transport }
        }

        func received(_ frame: Frame, for request: RequestID?) {
            frames.append(frame.bytes.count)
            do {
                try transport.withLock(\.self)?.send(OutgoingFrame(bytes: response, isResponse: true))
            } catch {
                Issue.record(error)
            }
        }

        func failed(_ id: RequestID, _ failure: TransportFailure) {}

        func noted(_ note: TransportNote) {
            if case .fault(let text, _, _) = note { faults.append(text) }
        }

        func ended(_ end: TransportEnd) { ends.append(end) }
    }

    @Test("A server that sends requests and does not read our responses is paused, reported and read again later")
    func floodOfRequests() async throws {
        // Reads its input from SIGUSR1 on.
        let script = """
            import os, signal, threading
            def drain(*_):
                threading.Thread(target=lambda: [None for _ in iter(lambda: os.read(0, 65536), b"")], daemon=True).start()
            signal.signal(signal.SIGUSR1, drain)
            requests = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\\n' * 1000
            while True:
                os.write(1, requests)
            """
        let responder = Responder()
        let transport = StdioClientTransport(.init(executable: "python3", arguments: ["-c", script]))
        responder.connect(transport)
        try await transport.open(responder)
        let fault = await responder.faults.wait(count: 1)[0]
        #expect(fault.hasPrefix("the server sends requests but does not read its standard input"))
        let read = responder.frames.values.count
        // 1 MB of responses of 37 bytes, what the pipe to the server holds, and what one read may add.
        #expect(read < 1_500_000 / 37 + 64 * 1024 / 37 * 3)

        // Paused: nothing more is read in the ticks that other work brings about.
        let other = RecordingReceiver()
        let echo = StdioClientTransport(.init(executable: "cat"))
        try await echo.open(other)
        for _ in 0..<20 {
            try echo.send(OutgoingFrame(bytes: Array("{}".utf8), request: 1))
            _ = await other.inbox.next()
        }
        #expect(responder.frames.values.count == read)

        let processID = try #require(transport.evidence()["pid"]?.int)
        kill(Int32(processID), SIGUSR1)
        _ = await responder.frames.wait { $0.count > read + 100_000 }
        #expect(responder.faults.values.count == 1)
        _ = await echo.close()
        _ = await transport.close()
        #expect(responder.ends.values.map(\.cause) == [.closedByUs])
    }

    @Test("A request of 10 MB goes through while the server writes as much", arguments: [1, nil] as [RequestID?])
    func bigRequest(id: RequestID?) async throws {
        let receiver = RecordingReceiver()
        // Echoes while it reads: we have to read it, or neither side would get on.
        let transport = StdioClientTransport(.init(executable: "cat"))
        try await transport.open(receiver)
        let frame = [UInt8](repeating: 0x61, count: 10 << 20)
        try transport.send(OutgoingFrame(bytes: frame, request: id))
        #expect(await receiver.inbox.next() == frame)
        _ = await transport.close()
    }

    @Test("A response may itself be larger than the limit")
    func bigResponse() {
        var backlog = ResponseBacklog()
        let isPausedByBigOne = backlog.add(10 << 20, unsent: 10 << 20)
        #expect(!isPausedByBigOne)
        let isPausedByNext = backlog.add(10, unsent: (10 << 20) + 10)
        #expect(isPausedByNext)
        let isPausedAgain = backlog.add(10, unsent: (10 << 20) + 20)
        #expect(!isPausedAgain, "it is paused already")
        backlog.isPaused = false
        let isPausedAfterDrain = backlog.add(10, unsent: 10)
        #expect(!isPausedAfterDrain, "what was counted before has gone out")
    }
}
