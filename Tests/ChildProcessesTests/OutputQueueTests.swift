import Foundation
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

struct OutputQueueTests {
    private func readSome(_ descriptor: Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 1 << 20) { bytes, count in
            count = max(0, read(descriptor, bytes.baseAddress, bytes.count))
        }
    }

    @Test("Messages of any size go out in order")
    func messagesKeepTheirOrder() throws {
        let pipe = try Pipe.open()
        defer { pipe.closeBoth() }
        makeNonBlocking(pipe.readEnd)
        makeNonBlocking(pipe.writeEnd)
        var queue = OutputQueue()
        var expected: [UInt8] = []
        for (index, size) in [1, 20_000, 3, 0, 70_000, 5, 15_000, 200_000, 7].enumerated() {
            let message = [UInt8](repeating: UInt8(index), count: size)
            expected += message
            queue.append(message)
        }
        #expect(queue.count == expected.count)
        var arrived: [UInt8] = []
        while queue.flush(into: .nonBlocking(pipe.writeEnd)) == .waiting {
            arrived += readSome(pipe.readEnd)
            #expect(queue.count > 0)
        }
        arrived += readSome(pipe.readEnd)
        #expect(arrived == expected)
        #expect(queue.count == 0)
    }

    @Test("An empty queue writes nothing")
    func emptyQueue() {
        var queue = OutputQueue()
        #expect(queue.flush(into: .nonBlocking(-1)) == .empty)
    }

    @Test("A failed write is reported")
    func failedWrite() {
        var queue = OutputQueue()
        queue.append([1])
        #expect(queue.flush(into: .nonBlocking(-1)) == .failed(EBADF))
    }
}
