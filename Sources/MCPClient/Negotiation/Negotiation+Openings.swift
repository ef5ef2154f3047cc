import JSON
import JSONRPC
import MCP
import MCPTransport

/// The two ways to open a conversation.
extension Negotiation {
    // MARK: - Modern

    /// Sends `server/discover` and agrees on a revision of the modern era.
    ///
    /// - Parameter isRetry: Whether the server itself named the revision, so that no other one is tried.
    mutating func discover(
        at revision: Revision,
        on link: ClientLink,
        isRetry: Bool = false,
        reason: String
    ) async throws(ConnectFailure) -> Agreement {
        let outcome = await requestOpeningAndRecord(at: revision, on: link)
        let reply: Reply
        do throws(CallFailure) {
            reply = try outcome.result.get()
        } catch {
            throw await fail(error, on: link)
        }
        switch reply.result {
        case .success(let result):
            let offered = DiscoverResult(json: result.value().object ?? [:]).supportedVersions ?? []
            guard let common = isRetry ? revision : best(of: offered) else {
                throw fail(.version(offered: offered, wanted: revision.wireName))
            }
            return agree(link, common, result, reason)
        case .failure(let error):
            // Retried even if it names the revision of the request: some servers are only slow to start.
            if !isRetry, let common = best(of: UnsupportedVersion(error)?.supported ?? []) {
                return try await discover(at: common, on: link, isRetry: true, reason: reason)
            }
            if let obstacle = obstacle(error, outcome, on: link) { throw fail(obstacle) }
            throw isRetry ? fail(.rejected(error)) : fail(error, at: revision)
        }
    }

    // MARK: - Legacy

    mutating func shakeHands(
        on link: ClientLink,
        at revision: Revision,
        reason: String
    ) async throws(ConnectFailure) -> Agreement {
        guard link.transport.kind != .streamableHTTP else {
            return try await shakeHandsByExchange(on: link, at: revision, reason: reason)
        }
        let outcome = await requestOpeningAndRecord(at: revision, on: link)
        return try await finishHandshake(outcome.result, on: link, at: revision, reason: reason)
    }

    /// Checks the response to `initialize` and sends `notifications/initialized`.
    func finishHandshake(
        _ outcome: Result<Reply, CallFailure>,
        on link: ClientLink,
        at revision: Revision,
        reason: String
    ) async throws(ConnectFailure) -> Agreement {
        let reply: Reply
        do throws(CallFailure) {
            reply = try outcome.get()
        } catch {
            throw await fail(error, on: link)
        }
        let result: JSONText
        do throws(RPCError) {
            result = try reply.result.get()
        } catch {
            throw fail(error, at: revision)
        }
        guard let answered = result["protocolVersion"]?.string else {
            throw fail(.malformed("the result of initialize has no protocolVersion that is a string"))
        }
        var isAcceptable = true
        if case .pinned(let wanted) = options.era { isAcceptable = wanted.wireName == answered }
        guard isAcceptable, let common = Revision(wireName: answered), common.era == .legacy else {
            throw fail(.version(offered: [answered], wanted: revision.wireName))
        }
        // Agreed first: over HTTP the notification already names the revision in its header.
        let agreement = agree(link, common, result, reason)
        do {
            try link.notify(.initialized)
        } catch {
            throw fail(.malformed("the handshake could not be finished: \(error)"))
        }
        return agreement
    }
}
