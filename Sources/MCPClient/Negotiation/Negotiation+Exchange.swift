import JSON
import JSONRPC
import MCP
import MCPTransport

/// The choice of `auto` over HTTP. Each request has an exchange of its own, so that there is no race: the status decides
/// together with the body.
///
/// Source: versioning, "Backward compatibility", and "Streamable HTTP", "Backward compatibility", 2026-07-28 and
/// 2025-11-25.
extension Negotiation {
    mutating func detectEraByExchange(on link: ClientLink) async throws(ConnectFailure) -> Agreement {
        // Some legacy servers never answer an unknown method; the handshake after it needs time, too.
        let share = min(remaining, options.limits.connect / 3)
        let probe = await requestOpeningAndRecord(at: .latest, on: link, limit: share)
        if case .failure(.timeout) = probe.result { _ = link.transport.abandon(probe.id) }
        switch probeOutcome(probe.result) {
        case .offers(let revision):
            let reason = "the server answered server/discover and offers \(revision.wireName)"
            return agree(link, revision, try await result(of: probe, on: link), reason)
        case .names(let revision):
            return try await discover(at: revision, on: link, isRetry: true, reason: Self.namedReason(revision))
        case .modernError:
            return agree(link, .latest, JSONText([:]), Self.modernErrorReason(probe.result.reply?.error))
        case .undecided(let reason), .timeout(let reason):
            try await checkEraIsOpen(probe, on: link)
            return try await shakeHandsByExchange(on: link, at: .latestLegacy, reason: reason)
        case .noCommonRevision, .closed, .cancelled:
            _ = try await result(of: probe, on: link)
            throw fail(.timeout(options.limits.connect))
        }
    }

    /// The result of an opening request.
    ///
    /// - Throws: The failure or the error that came instead.
    private func result(of outcome: OpeningOutcome, on link: ClientLink) async throws(ConnectFailure) -> JSONText {
        switch outcome.result {
        case .failure(let failure): throw await fail(failure, on: link)
        case .success(let reply):
            do throws(RPCError) {
                return try reply.result.get()
            } catch {
                throw fail(error, at: .latest)
            }
        }
    }

    /// Throws if a probe failed in a way that says nothing about the era: without credentials, on the network or by a
    /// failure of the server.
    private func checkEraIsOpen(_ probe: OpeningOutcome, on link: ClientLink) async throws(ConnectFailure) {
        switch probe.result {
        case .failure(let failure):
            guard failure.leavesEraOpen(probe.status) else { throw await fail(failure, on: link) }
        case .success(let reply):
            guard let error = reply.error else { return }
            // Without a list of revisions there is nothing to try next.
            let isUnsupported = error.errorCode == .unsupportedProtocolVersion && UnsupportedVersion(error) == nil
            if isUnsupported { throw fail(.rejected(error)) }
            if let obstacle = obstacle(error, probe, on: link) { throw fail(obstacle) }
        }
    }

    /// Why an error says nothing about the era: credentials are missing, or the server failed.
    func obstacle(_ error: RPCError, _ outcome: OpeningOutcome, on link: ClientLink) -> ConnectFailure.Cause? {
        let kind: TransportFailure.Kind
        switch outcome.status {
        case 401: kind = .unauthorized
        case 403: kind = .forbidden
        case let status? where status >= 500: return .rejected(error)
        default: return nil
        }
        let evidence = link.transport.evidence(of: outcome.id) ?? [:]
        let message = "the server answered HTTP \(outcome.status ?? 0): \(error)"
        return .transport(TransportFailure(kind, message, evidence: evidence))
    }

    // MARK: - Legacy

    mutating func shakeHandsByExchange(
        on link: ClientLink,
        at revision: Revision,
        reason: String
    ) async throws(ConnectFailure) -> Agreement {
        let outcome = await requestOpeningAndRecord(at: revision, on: link)
        let failure: ConnectFailure
        if let error = outcome.result.reply?.error {
            let offered = UnsupportedVersion(error)?.supported ?? []
            if options.era == .auto, let common = best(of: offered) {
                // It did not answer the probe as a modern server does, but it is one.
                return try await discover(
                    at: common,
                    on: link,
                    isRetry: true,
                    reason: "initialize was answered with \(error)"
                )
            }
            failure = obstacle(error, outcome, on: link).map { fail($0) } ?? fail(error, at: revision)
            if error.isModern || !offered.isEmpty { throw failure }
        } else if case .failure(let obstacle) = outcome.result {
            failure = await fail(obstacle, on: link)
        } else {
            return try await finishHandshake(outcome.result, on: link, at: revision, reason: reason)
        }
        guard let status = outcome.status, [400, 404, 405].contains(status),
            let predecessor = link.transport.predecessor
        else { throw failure }
        return try await shakeHands(over: predecessor, at: revision, after: failure, status: status)
    }

    /// Tries HTTP+SSE if Streamable HTTP was refused as by a server that does not have it.
    private mutating func shakeHands(
        over predecessor: any ClientTransport,
        at revision: Revision,
        after refusal: ConnectFailure,
        status: Int
    ) async throws(ConnectFailure) -> Agreement {
        let request = "an event stream at the same URL (HTTP+SSE)"
        let older: ClientLink
        do throws(ConnectFailure) {
            older = try await open(predecessor)
        } catch {
            record(request, error.description)
            await predecessor.close()
            guard case .cancelled = error.cause else {
                // How the server refused the handshake says more than that it does not have HTTP+SSE either.
                link = refusal.link
                throw fail(refusal.cause)
            }
            throw error
        }
        record(request, "opened")
        await refusal.link?.close()
        return try await shakeHands(
            on: older,
            at: revision,
            reason: "initialize over Streamable HTTP was answered with HTTP \(status), and the server offers HTTP+SSE"
        )
    }
}

extension CallFailure {
    /// Whether a server of either era may have failed `server/discover` in this way.
    ///
    /// Legacy servers answer an unknown method with a status, with a page, with something that is not a response, or not
    /// at all. Missing credentials, a failing network and a failing server (5xx) say nothing about the era.
    fileprivate func leavesEraOpen(_ status: Int?) -> Bool {
        switch self {
        case .timeout, .malformed, .mismatchedID: true
        case .broken(let error as TransportFailure):
            switch error.kind {
            case .status, .content, .sessionLost: (status ?? 400) < 500
            default: false
            }
        case .broken, .cancelled, .ended, .unsendable: false
        }
    }
}

extension RPCError {
    /// Whether only servers of the modern era have this code.
    ///
    /// Source: 2026-07-28, "Streamable HTTP", "Backward compatibility".
    fileprivate var isModern: Bool {
        [.headerMismatch, .missingRequiredClientCapability, .unsupportedProtocolVersion].contains(errorCode)
    }
}
