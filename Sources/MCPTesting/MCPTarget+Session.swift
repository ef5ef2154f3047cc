import AsyncRuntime
import ChildProcesses
import JSON
import MCP
import MCPClient
import MCPHTTPClient
import Tester

extension MCPTarget {
    /// Connects, and ends the connection and the server's process when the body is done.
    ///
    /// - Throws: ``TargetFailure`` if no connection can be made, and what the body throws.
    public func connected<Result>(
        _ body: (MCPTargetSession) async throws -> Result
    ) async throws -> Result {
        let session = try await open()
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    /// Connects.
    func open() async throws(TargetFailure) -> MCPTargetSession {
        let clock = SystemTesterClock(PollLoop.shared)
        let settings = TesterSettings(info: Implementation(name: "MCPTesting", version: "1")) {
            $0.transport(scheduler: clock, grace: Self.grace)
        }
        let session = TesterSession(settings: settings, clock: clock)
        let request: TesterSession.ConnectRequest
        do throws(Failure) {
            request = TesterSession.ConnectRequest(target: try target(), era: era, limits: limits, policy: policy)
        } catch {
            throw TargetFailure(Report(error), of: session)
        }
        let report = await session.connect(request)
        guard report.failure == nil else {
            await session.close()
            throw TargetFailure(report, of: session)
        }
        return MCPTargetSession(session, limits: limits)
    }

    /// The time that a server gets to exit after each test.
    private static let grace = ChildProcess.Grace(endOfInput: .seconds(2), terminate: .seconds(1))

    private func target() throws(Failure) -> Target {
        switch way {
        case .command(let words):
            guard let command = words.first else {
                throw .usage("The command is empty.", nextStep: "Give the command of the server and its arguments.")
            }
            return Target(
                command: command,
                arguments: Array(words.dropFirst()),
                environment: environment,
                workingDirectory: directory,
                name: words.joined(separator: " ")
            )
        case .text(let text):
            return try TargetResolver().resolve(text, environment: environment, workingDirectory: directory)
        case .url(let url): return try Target(HTTPEndpoint(url: url, headers: headers))
        }
    }
}
