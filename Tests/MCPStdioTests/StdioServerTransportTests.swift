import AsyncRuntime
import JSONRPC
import MCPTransport
import Platform
import TestSupport
import Testing

@testable import MCPStdio

struct StdioServerTransportTests {
    /// A conversation with one request that gets no response before it is cancelled.
    private final class SilentConversation: ServerConversation {
        let frames = Recorder<[UInt8]>()
        let isFinishing = Latch<Void>()
        let isCancelled = Latch<Void>()

        func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) { frames.append(frame.bytes) }

        func finish() async {
            isFinishing.open()
            await isCancelled.wait()
        }

        func cancel() async { isCancelled.open() }
    }

    /// A transport on two pipes that serves a silent conversation.
    private struct Served {
        let input: Pipe
        let output: Pipe
        let conversation = SilentConversation()
        let task: Task<Void, any Error>

        init(drain: Duration) throws {
            let (input, output) = (try Pipe.open(), try Pipe.open())
            self.input = input
            self.output = output
            let transport = StdioServerTransport(
                drain: drain,
                loop: .shared,
                input: input.readEnd,
                output: output.writeEnd
            )
            task = Task { [conversation] in try await transport.serve { _ in conversation } }
        }
    }

    @Test("An output that the host closes ends the transport while the input stays open")
    func closedOutput() async throws {
        let served = try Served(drain: .seconds(1000))
        #expect(write(served.input.writeEnd, "{}\n", 3) == 3)
        #expect(await served.conversation.frames.wait(count: 1) == [Array("{}".utf8)])
        close(served.output.readEnd)
        try await served.task.value
        #expect(served.conversation.isCancelled.value != nil)

        // What comes now is not for the transport. The other transport shows that the loop was awake meanwhile.
        #expect(write(served.input.writeEnd, "[]\n", 3) == 3)
        let other = try Served(drain: .zero)
        #expect(write(other.input.writeEnd, "{}\n", 3) == 3)
        _ = await other.conversation.frames.wait(count: 1)
        #expect(isReady(served.input.readEnd, for: POLLIN))
        #expect(served.conversation.frames.values.count == 1)
        for descriptor in [served.input.readEnd, served.input.writeEnd, served.output.writeEnd] { close(descriptor) }
        close(other.input.writeEnd)
        try await other.task.value
        for descriptor in [other.input.readEnd, other.output.readEnd, other.output.writeEnd] { close(descriptor) }
    }

    @Test("After the end of input, requests without a response are cancelled when the drain time is over")
    func drain() async throws {
        let served = try Served(drain: .milliseconds(20))
        close(served.input.writeEnd)
        try await served.task.value
        #expect(served.conversation.isFinishing.value != nil)
        #expect(served.conversation.isCancelled.value != nil)
        for descriptor in [served.input.readEnd, served.output.readEnd, served.output.writeEnd] { close(descriptor) }
    }

    @Test("By default, the drain leaves time to exit within two seconds")
    func defaultDrain() {
        #expect(StdioServerTransport.defaultDrain <= .seconds(1))
    }

    @Test("An output that the host closes cuts the drain time short")
    func closedOutputDuringDrain() async throws {
        let served = try Served(drain: .seconds(1000))
        close(served.input.writeEnd)
        await served.conversation.isFinishing.wait()
        close(served.output.readEnd)
        try await served.task.value
        #expect(served.conversation.isCancelled.value != nil)
        for descriptor in [served.input.readEnd, served.output.writeEnd] { close(descriptor) }
    }

    @Test("A drain that is not over waits for the responses")
    func drainWaits() async throws {
        let served = try Served(drain: .seconds(1000))
        close(served.input.writeEnd)
        await served.conversation.isFinishing.wait()
        #expect(served.conversation.isCancelled.value == nil)
        await served.conversation.cancel()
        try await served.task.value
        for descriptor in [served.input.readEnd, served.output.readEnd, served.output.writeEnd] { close(descriptor) }
    }
}
