import AsyncRuntime
import JSONRPC
import MCPTransport

/// Opens a transport within the limit of connecting.
extension Negotiation {
    mutating func open() async throws(ConnectFailure) -> ClientLink {
        do {
            return try await open(try await makeTransport())
        } catch let failure as ConnectFailure {
            throw failure
        } catch {
            throw fail(opening: error)
        }
    }

    mutating func open(_ transport: any ClientTransport) async throws(ConnectFailure) -> ClientLink {
        let link = ClientLink(transport, scheduler: scheduler, options: options)
        self.link = link
        do {
            switch transport.kind {
            case .sse, .stdio:
                // HTTP+SSE waits for the server while it opens; to start a program can take long on a slow file system.
                try await open(link, within: remaining)
            case .streamableHTTP, .inMemory:
                try await transport.open(link)
            }
            return link
        } catch {
            throw fail(opening: error)
        }
    }

    private func open(_ link: ClientLink, within limit: Duration) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { [scheduler, options] group in
            group.addTask {
                try await link.transport.open(link)
                return true
            }
            group.addTask {
                await scheduler.wait(for: limit)
                return false
            }
            defer { group.cancelAll() }
            guard try await group.next() == false else { return }
            // The group waits for both tasks, and a closed transport stops opening.
            await link.closeAtOnce()
            throw Task.isCancelled ? CallFailure.cancelled : .timeout(.connect, after: options.limits.connect)
        }
    }

    private func fail(opening error: any Error) -> ConnectFailure {
        switch error {
        case let failure as TransportFailure: fail(.transport(failure))
        case CallFailure.timeout(_, let limit): fail(.timeout(limit))
        case is CancellationError, CallFailure.cancelled: fail(.cancelled)
        default: fail(.transport(TransportFailure(.spawn, "\(error)")))
        }
    }
}
