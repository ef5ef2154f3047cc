import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import MCPHTTPServer

@Suite("Handing elements to an event loop", .timeLimit(.minutes(5)))
struct LoopInboxTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func inbox(_ receive: @escaping @Sendable ([Int]) -> Void) async throws -> LoopInbox<Int> {
        try await loop.submit { LoopInbox(loop, receive) }.get()
    }

    @Test("Elements from one thread arrive in order, all of them")
    func order() async throws {
        let received = Mutex<[Int]>([])
        let inbox = try await inbox { elements in received.withLock { $0 += elements } }
        for number in 0..<10_000 { inbox.put(number) }
        try await loop.submit {}.get()
        #expect(received.withLock { $0 } == Array(0..<10_000))
    }

    @Test("On the loop an element is received before put returns, after those from other threads")
    func onLoop() async throws {
        let received = Mutex<[Int]>([])
        let inbox = try await inbox { elements in received.withLock { $0 += elements } }
        let isBlocked = Gate()
        let isReleased = Mutex(false)
        async let blocked = loop.submit { () -> [Int] in
            isBlocked.open()
            while !isReleased.withLock({ $0 }) {}
            inbox.put(2)
            return received.withLock { $0 }
        }.get()
        try await isBlocked.wait()
        inbox.put(1)
        isReleased.withLock { $0 = true }
        #expect(try await blocked == [1, 2])
    }

    @Test("An element that the receiver puts in is received after the others")
    func reentrancy() async throws {
        let received = Mutex<[Int]>([])
        let own = Mutex<LoopInbox<Int>?>(nil)
        let inbox = try await inbox { elements in
            for element in elements {
                if element < 10 { own.withLock { $0 }?.put(element + 10) }
                received.withLock { $0.append(element) }
            }
        }
        own.withLock { $0 = inbox }
        try await loop.submit {
            inbox.put(1)
            inbox.put(2)
        }.get()
        #expect(received.withLock { $0 } == [1, 11, 2, 12])
        own.withLock { $0 = nil }
    }
}
