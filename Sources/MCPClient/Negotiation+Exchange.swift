import JSON
import JSONRPC
import MCP
import MCPTransport

/// The choice of `auto` over HTTP: no race, for each question has an exchange of its own; the status decides with the body.
///
/// Source: versioning, "Backward compatibility", and "Streamable HTTP", "Backward compatibility", 2026-07-28 and
/// 2025-11-25.
extension Negotiation {
    /// What follows from the answer to the modern question.
    private enum Finding {
        case modern(Agreement)
        case probeAgain(Revision)
        case legacy(because: String)
        case failed(ConnectFailure)
    }

    mutating func probeByExchange(on link: ClientLink) async throws(ConnectFailure) -> Agreement {
        let revision = Revision.latest
        let id = link.peer.nextID()
        // Some legacy servers never answer an unknown method; the handshake after it must have its time too.
        let share = min(remaining, options.limits.connect / 3)
        let outcome = await ask(on: link, at: revision, id: id, limit: share)
        let status = link.transport.status(of: id)
        let finding: Finding
        switch outcome {
        case .success(let reply):
            switch reply.result {
            case .success(let result): finding = weigh(result, status, on: link, revision)
            case .failure(let error): finding = weigh(error, status, id, on: link, revision)
            }
        case .failure(let failure): finding = await weigh(failure, status, id, on: link, revision)
        }
        switch finding {
        case .modern(let agreement): return agreement
        case .failed(let failure): throw failure
        case .probeAgain(let revision):
            return try await discover(again: revision, on: link, reason: "the server named \(revision.wireName)")
        case .legacy(let reason): return try await shakeHandsByExchange(on: link, at: .latestLegacy, reason: reason)
        }
    }

    private mutating func weigh(
        _ result: JSONText,
        _ status: Int?,
        on link: ClientLink,
        _ revision: Revision
    ) -> Finding {
        let offered = DiscoverResult(json: result.value().object ?? [:]).supportedVersions ?? []
        note(
            "server/discover at \(revision.wireName)",
            offered.isEmpty ? "answered without supportedVersions" : "answered: \(offered.joined(separator: ", "))",
            status: status
        )
        guard let common = best(of: offered, wanted: nil) else {
            return .legacy(because: "server/discover named no modern revision that we speak")
        }
        let reason = "the server answered server/discover and offers \(common.wireName)"
        return .modern(agree(link, common, result, reason))
    }

    private mutating func weigh(
        _ error: RPCError,
        _ status: Int?,
        _ id: RequestID,
        on link: ClientLink,
        _ revision: Revision
    ) -> Finding {
        note("server/discover at \(revision.wireName)", "error \(error)", status: status)
        if error.errorCode == .unsupportedProtocolVersion || UnsupportedVersion(error) != nil {
            let offered = UnsupportedVersion(error)?.supported ?? []
            if let common = best(of: offered, wanted: nil) { return .probeAgain(common) }
            let speaksLegacy = offered.compactMap(Revision.init(wireName:)).contains { $0.era == .legacy }
            if speaksLegacy { return .legacy(because: "the server named only revisions with a handshake") }
            let cause: ConnectFailure.Cause =
                offered.isEmpty ? .rejected(error) : .version(offered: offered, wanted: revision.wireName)
            return .failed(fail(cause))
        }
        if error.isModern {
            // It serves other requests though it refused this one.
            return .modern(agree(link, revision, JSONText([:]), "the server answered with a modern error: \(error)"))
        }
        if let obstacle = obstacle(error, status, id, on: link) { return .failed(fail(obstacle)) }
        return .legacy(
            because: "server/discover was answered with error \(error.code), as legacy servers do"
        )
    }

    private mutating func weigh(
        _ failure: CallFailure,
        _ status: Int?,
        _ id: RequestID,
        on link: ClientLink,
        _ revision: Revision
    ) async -> Finding {
        note("server/discover at \(revision.wireName)", failure.description, status: status)
        if case .timeout = failure { _ = link.transport.abandon(id) }
        guard failure.leavesEraOpen(status) else { return .failed(await fail(failure, on: link)) }
        return .legacy(because: "server/discover got no usable answer: \(failure)")
    }

    /// Why an error says nothing about the era: nobody may ask, or the server failed.
    func obstacle(
        _ error: RPCError,
        _ status: Int?,
        _ id: RequestID,
        on link: ClientLink
    ) -> ConnectFailure.Cause? {
        let kind: TransportFailure.Kind
        switch status {
        case 401: kind = .unauthorized
        case 403: kind = .forbidden
        case let status? where status >= 500: return .rejected(error)
        default: return nil
        }
        let evidence = link.transport.evidence(of: id) ?? [:]
        let message = "the server answered HTTP \(status ?? 0): \(error)"
        return .transport(TransportFailure(kind, message, evidence: evidence))
    }

    // MARK: - Legacy

    mutating func shakeHandsByExchange(
        on link: ClientLink,
        at revision: Revision,
        reason: String
    ) async throws(ConnectFailure) -> Agreement {
        let id = link.peer.nextID()
        let outcome = await ask(on: link, at: revision, id: id)
        let status = link.transport.status(of: id)
        let failure: ConnectFailure
        switch outcome {
        case .success(let reply):
            guard case .failure(let error) = reply.result else {
                return try conclude(handshake: reply, on: link, at: revision, reason: reason)
            }
            note("initialize at \(revision.wireName)", "error \(error)", status: status)
            if options.era == .auto, let common = best(of: UnsupportedVersion(error)?.supported ?? [], wanted: nil) {
                // It was slow or moody, but it is modern.
                return try await discover(again: common, on: link, reason: "initialize was answered with \(error)")
            }
            let offered = UnsupportedVersion(error)?.supported ?? []
            failure = fail(
                obstacle(error, status, id, on: link)
                    ?? (offered.isEmpty ? .rejected(error) : .version(offered: offered, wanted: revision.wireName))
            )
            if error.isModern || !offered.isEmpty { throw failure }
        case .failure(let obstacle):
            note("initialize at \(revision.wireName)", obstacle.description, status: status)
            failure = await fail(obstacle, on: link)
        }
        guard let status, [400, 404, 405].contains(status), let predecessor = link.transport.predecessor else {
            throw failure
        }
        return try await shakeHands(over: predecessor, at: revision, after: failure, status: status)
    }

    /// Tries the transport of the first revision where Streamable HTTP was refused as by a server that has none.
    private mutating func shakeHands(
        over predecessor: any ClientTransport,
        at revision: Revision,
        after refusal: ConnectFailure,
        status: Int
    ) async throws(ConnectFailure) -> Agreement {
        let asked = "a stream of events at the same URL (HTTP+SSE)"
        let older: ClientLink
        do throws(ConnectFailure) {
            older = try await open(predecessor)
        } catch {
            note(asked, error.description)
            await predecessor.close()
            guard case .cancelled = error.cause else {
                // What the server said to the handshake tells more than that it has no older transport either.
                link = refusal.link
                throw fail(refusal.cause)
            }
            throw error
        }
        note(asked, "opened")
        await refusal.link?.close()
        return try await shakeHands(
            on: older,
            at: revision,
            reason: "initialize over Streamable HTTP was answered with HTTP \(status), and the server offers HTTP+SSE"
        )
    }
}

extension CallFailure {
    /// Tells whether a server of either era may have failed the question in this way.
    ///
    /// A refusal by status, a page, silence and an answer that is no response are what legacy servers have for what they do
    /// not know. Who must show credentials, a network that fails and a server that does (5xx) say nothing.
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
    /// Tells whether only a server of the modern era has this code.
    ///
    /// Source: 2026-07-28, "Streamable HTTP", "Backward compatibility".
    var isModern: Bool {
        [.headerMismatch, .missingRequiredClientCapability, .unsupportedProtocolVersion].contains(errorCode)
    }
}
