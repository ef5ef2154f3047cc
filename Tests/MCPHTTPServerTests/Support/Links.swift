import MCPServer
import MCPTransport
import Synchronization
import TestSupport

/// The links to the hosts of a server, for a test that sends messages which belong to no request.
final class Links: Sendable {
    private let links = Mutex<[HostLink]>([])

    var last: HostLink? { links.withLock { $0.last } }

    func make(_ server: Server) -> MakeConversation {
        let conversations = server.conversations(scheduler: FakeClock())
        return { link in
            self.links.withLock { $0.append(link) }
            return conversations(link)
        }
    }
}
