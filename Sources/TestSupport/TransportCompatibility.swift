import JSONRPC
public import MCPTransport

/// The behavior that every client transport shares: one suite that each of them passes.
///
/// The transport under test connects to a server that sends ``greeting`` as soon as it is connected, and then
/// echoes every frame.
public enum TransportCompatibility: String, CaseIterable, Sendable {
    case keepsFramesThatComeBeforeOpenReturns
    case carriesFramesInOrder
    case carriesAThousandFramesInOrder
    case carriesAFrameOfTenMegabytesWhole
    case keepsFramesOfManyTasksWhole
    case tellsTheEndOnceHoweverOftenItIsClosed
    case refusesToSendBeforeItIsOpen
    case refusesToSendAfterItWasClosed
    case carriesOnAfterARequestWasAbandoned
    case closesAlsoWhenTheClosingTaskIsCancelled

    /// The first frame of the server.
    public static let greeting = #"{"jsonrpc":"2.0","method":"notifications/hello"}"#

    /// A failed expectation.
    public struct Violation: Error, CustomStringConvertible {
        /// What happened and what was expected.
        public let description: String
    }

    /// Runs the suite with a new transport.
    ///
    /// - Throws: ``Violation``, or what the transport threw.
    public func run(_ transport: any ClientTransport) async throws {
        let receiver = RecordingReceiver()
        if self == .refusesToSendBeforeItIsOpen {
            try requireClosed(transport, "before it was opened")
            return
        }
        try await transport.open(receiver)
        try await expect(Self.greeting, receiver)
        switch self {
        case .keepsFramesThatComeBeforeOpenReturns, .refusesToSendBeforeItIsOpen: break
        case .carriesFramesInOrder: try await echo(["{}", "[1,2]", "\"ü 😀\"", Self.message(4)], transport, receiver)
        case .carriesAThousandFramesInOrder: try await echo((1...1000).map { Self.message($0) }, transport, receiver)
        case .carriesAFrameOfTenMegabytesWhole:
            try await echo([Self.message(1, padding: 10_000_000), Self.message(2)], transport, receiver)
        case .keepsFramesOfManyTasksWhole: try await echoFromManyTasks(transport, receiver)
        case .tellsTheEndOnceHoweverOftenItIsClosed: try await closeOften(transport)
        case .refusesToSendAfterItWasClosed:
            await transport.close()
            try requireClosed(transport, "after it was closed")
        case .carriesOnAfterARequestWasAbandoned:
            _ = transport.abandon(7)
            try await echo([Self.message(8)], transport, receiver)
        case .closesAlsoWhenTheClosingTaskIsCancelled:
            let closing = Task { await transport.close() }
            closing.cancel()
            _ = await closing.value
        }
        let end = await transport.close()
        try await receiver.end.wait()
        try require(receiver.ends.count == 1, "the receiver was notified of the end \(receiver.ends.count) times")
        try require(end.cause == .closedByUs, "the end was reported as \(end.cause), but we closed the transport")
        try require(
            receiver.ends[0].cause == end.cause,
            "the receiver was notified of \(receiver.ends[0].cause), not of \(end.cause)"
        )
    }

    // MARK: - Steps

    private func echo(_ texts: [String], _ transport: any ClientTransport, _ receiver: RecordingReceiver) async throws {
        for text in texts { try transport.send(OutgoingFrame(bytes: Array(text.utf8))) }
        for text in texts { try await expect(text, receiver) }
    }

    private func echoFromManyTasks(_ transport: any ClientTransport, _ receiver: RecordingReceiver) async throws {
        let (tasks, frames) = (20, 50)
        // Some are larger than the buffer of a pipe, so that writes are partial.
        let texts = (0..<(tasks * frames)).map { Self.message($0, padding: $0 % 7 == 0 ? 70_000 : $0 % 50) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for text in texts[(task * frames)..<((task + 1) * frames)] {
                        try transport.send(OutgoingFrame(bytes: Array(text.utf8)))
                    }
                }
            }
            try await group.waitForAll()
        }
        var next = (0..<tasks).map { $0 * frames }
        for _ in texts {
            let bytes = await receiver.inbox.next()
            let digits = bytes.dropFirst(Self.beginning.utf8.count).prefix { $0 != UInt8(ascii: ",") }
            let number = Int(String(decoding: digits, as: UTF8.self)) ?? -1
            let isNext = texts.indices.contains(number) && next[number / frames] == number
            try require(
                isNext && bytes == Array(texts[number].utf8),
                "not the next frame of a task: \(Self.text(bytes))"
            )
            next[number / frames] += 1
        }
    }

    private func closeOften(_ transport: any ClientTransport) async throws {
        await withTaskGroup(of: TransportEnd.self) { group in
            for _ in 0..<5 { group.addTask { await transport.close() } }
        }
        await transport.close()
    }

    // MARK: - Expectations

    private func expect(_ text: String, _ receiver: RecordingReceiver) async throws {
        let bytes = await receiver.inbox.next()
        try require(bytes == Array(text.utf8), "expected \(text.prefix(80)), got \(Self.text(bytes))")
    }

    private func requireClosed(_ transport: any ClientTransport, _ time: String) throws {
        do {
            try transport.send(OutgoingFrame(bytes: Array("{}".utf8)))
        } catch let failure as TransportFailure {
            try require(failure.kind == .closed, "sending \(time) failed as \(failure.kind)")
            return
        }
        throw Violation(description: "a frame could be sent \(time)")
    }

    private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw Violation(description: message()) }
    }

    private static let beginning = #"{"jsonrpc":"2.0","id":"#

    private static func message(_ number: Int, padding: Int = 0) -> String {
        #"\#(beginning)\#(number),"method":"\#(String(repeating: "x", count: padding))"}"#
    }

    private static func text(_ bytes: [UInt8]) -> String {
        "\(String(decoding: bytes.prefix(80), as: UTF8.self)) (\(bytes.count) bytes)"
    }
}
