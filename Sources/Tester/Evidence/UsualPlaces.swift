import AsyncRuntime
import JSON
import MCPHTTP
import MCPHTTPClient
import MCPTransport

/// Looks for an MCP endpoint at the usual paths of a server that answered 404: one request to each.
struct UsualPlaces {
    private static let limit = Duration.seconds(3)

    private let endpoint: HTTPEndpoint
    private let url: HTTPURL

    init?(of target: Target) {
        guard let endpoint = target.endpoint else { return nil }
        do throws(Failure) {
            url = try HTTPURL(target: endpoint.url)
        } catch {
            return nil
        }
        self.endpoint = endpoint
    }

    /// Adds what was found to the failure of a connection.
    func add(to failure: inout Failure, on clock: any Scheduler) async {
        let paths = ["/mcp", "/sse", "/"].filter { $0 != url.path }
        var answers: [(path: String, answer: EndpointProbe.Answer?)] = []
        for path in paths { answers.append((path, await answer(at: path, on: clock))) }
        failure.details["usual_places"] = .object(
            JSONObject(answers.map { .init(key: $0.path, value: $0.answer.map { JSONValue($0.status) } ?? nil) })
        )
        if let found = answers.first(where: { isEndpoint($0.path, $0.answer) }) {
            let place = url.with(path: found.path)
            failure.message += " \(place) looks like the endpoint: it answered \(found.answer?.status ?? 0)."
            failure.nextStep = "Connect to \(place)."
        } else {
            let places = paths.joined(separator: ", ")
            failure.message += " No endpoint was found at \(places) either."
            failure.nextStep = "Check the port, and the path in the server's code or its output at start."
        }
    }

    private func answer(at path: String, on clock: any Scheduler) async -> EndpointProbe.Answer? {
        var other = endpoint
        other.url = url.with(path: path)
        do throws(TransportFailure) {
            return try await EndpointProbe(to: other, isGet: path == "/sse").answer(within: Self.limit, on: clock)
        } catch {
            return nil
        }
    }

    /// An endpoint streams, or refuses the request for another reason than that there is nothing.
    private func isEndpoint(_ path: String, _ answer: EndpointProbe.Answer?) -> Bool {
        guard let answer else { return false }
        if answer.isEventStream { return true }
        // Any page answers a GET, and any front page a request to the root.
        return path == "/mcp" && [200, 202, 400, 401, 403, 406, 415].contains(answer.status)
    }
}
