import JSON
import JSONRPC
import MCP

/// An input request with the handler that responds to it.
typealias HandledInputRequest = (request: ReceivedInputRequest, handler: InputHandlers.Handler)

/// Input requests that came together, in a result or in a task.
struct ReceivedInputRequests {
    /// The member `inputRequests`: entries by key.
    let members: [(key: String, text: JSONText)]
    /// How they came.
    let origin: ReceivedInputRequest.Origin
    /// The request of ours that they belong to.
    let request: RequestID
    /// How often the call was interrupted for input, from 1.
    var round = 1

    /// Finds the handler of each; one that has none makes all of them fail.
    ///
    /// - Parameter handler: Responds in place of the handlers of the connection.
    func resolve(for client: Client, handler: InputHandlers.Handler?) throws(InputFailure) -> [HandledInputRequest] {
        var requests: [HandledInputRequest] = []
        for (index, member) in members.enumerated() {
            do throws(InputObjection) {
                requests.append(try resolve(member, at: index, for: client, handler: handler))
            } catch {
                let failure = InputFailure.objection(error, key: member.key)
                client.link.note(.breach(failure.description), exchange: request)
                throw failure
            }
        }
        return requests
    }

    private func resolve(
        _ member: (key: String, text: JSONText),
        at index: Int,
        for client: Client,
        handler: InputHandlers.Handler?
    ) throws(InputObjection) -> HandledInputRequest {
        guard let method = member.text["method"]?.string else { throw .malformed("it has no method") }
        let params = member.text["params"]
        let (kind, ownHandler) = try client.options.input.handler(
            of: method,
            params,
            direction: .inResult,
            in: client.revision
        )
        let received = ReceivedInputRequest(
            kind,
            origin: origin,
            key: member.key,
            params: params,
            request: request,
            revision: client.revision,
            round: round,
            index: index,
            count: members.count
        )
        return (received, handler ?? ownHandler)
    }
}
