import MCPClient
import Synchronization
import Tester

/// The connection that the cases of a file share, which run one after the other.
final class SharedConnection: Sendable {
    private let current = Mutex<CaseConnection?>(nil)

    /// The connection; a new one if there is none or its server has ended.
    func connection(for suiteCase: SuiteCase, _ settings: RunSettings) async throws(Failure) -> CaseConnection {
        if let connection = current.withLock({ $0 }) {
            if connection.client.link.end == nil { return connection }
            await connection.close()
        }
        let connection = try await CaseConnection.open(suiteCase, settings)
        current.withLock { $0 = connection }
        return connection
    }

    func close() async {
        await current.withLock { $0 }?.close()
    }
}
