import NIOCore
import Synchronization

/// Carries elements from any thread to a receiver on one event loop, in the order in which they were put in.
///
/// An element that is put in on the loop is received before ``put(_:)`` returns, unless the receiver itself puts it in.
final class LoopInbox<Element: Sendable>: Sendable {
    private final class Receiver {
        let receive: ([Element]) -> Void
        var isReceiving = false

        init(_ receive: @escaping ([Element]) -> Void) {
            self.receive = receive
        }
    }

    private let receiver: NIOLoopBound<Receiver>
    private let elements = Mutex<[Element]>([])

    /// Creates an inbox, on the loop.
    ///
    /// - Parameter receive: Called on the loop with one or more elements.
    init(_ loop: any EventLoop, _ receive: @escaping ([Element]) -> Void) {
        receiver = NIOLoopBound(Receiver(receive), eventLoop: loop)
    }

    func put(_ element: Element) {
        let isFirst = elements.withLock { elements in
            elements.append(element)
            return elements.count == 1
        }
        if receiver.eventLoop.inEventLoop {
            deliver()
        } else if isFirst {
            receiver.eventLoop.execute { self.deliver() }
        }
    }

    private func deliver() {
        let receiver = receiver.value
        guard !receiver.isReceiving else { return }
        receiver.isReceiving = true
        defer { receiver.isReceiving = false }
        while true {
            let batch = elements.withLock { elements in
                defer { elements = [] }
                return elements
            }
            if batch.isEmpty { return }
            receiver.receive(batch)
        }
    }
}
