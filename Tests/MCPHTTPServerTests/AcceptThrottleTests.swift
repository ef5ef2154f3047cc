import NIOCore
import NIOEmbedded
import Platform
import TestSupport
import Testing

@testable import MCPHTTPServer

@Suite("Accepting connections without free descriptors")
struct AcceptThrottleTests {
    private let channel = EmbeddedChannel()
    private let clock = FakeClock()
    private let throttle: AcceptThrottle

    init() throws {
        throttle = AcceptThrottle(LoopScheduler(base: clock, loop: channel.eventLoop))
        try channel.pipeline.syncOperations.addHandler(throttle)
    }

    /// Whether the listener was last told to accept.
    private var isAccepting: Bool {
        let values = channel.options.compactMap { $0.option is ChannelOptions.Types.AutoReadOption ? $0.value : nil }
        return values.last as? Bool ?? true
    }

    private func fail(_ code: CInt) {
        channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
    }

    @Test(
        "Accepting pauses when the process is out of descriptors, and resumes after a second",
        arguments: [EMFILE, ENFILE]
    )
    func pausing(_ code: CInt) {
        fail(code)
        #expect(!isAccepting)
        clock.advance(by: .milliseconds(999))
        channel.embeddedEventLoop.run()
        #expect(!isAccepting)
        clock.advance(by: .milliseconds(1))
        channel.embeddedEventLoop.run()
        #expect(isAccepting)
        fail(code)
        #expect(!isAccepting)
    }

    @Test("A closed connection resumes accepting at once")
    func closing() {
        throttle.resume()
        #expect(isAccepting)
        fail(EMFILE)
        throttle.resume()
        #expect(isAccepting)
        #expect(clock.pendingCount == 0)
    }

    @Test("Other errors do not pause accepting")
    func otherErrors() {
        fail(ECONNABORTED)
        #expect(isAccepting)
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
    }

    @Test(
        "The default limit of connections leaves a quarter of the descriptors free",
        arguments: [(1024, 768), (256, 192), (1_048_576, 4096), (-1, 4096), (2, 1)]
    )
    func defaultLimit(_ descriptors: Int, _ connections: Int) {
        #expect(HTTPServerLimits.connections(forDescriptors: descriptors) == connections)
    }
}
