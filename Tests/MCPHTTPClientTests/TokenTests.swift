import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import Synchronization
import TestSupport
import Testing

/// Requests whose token the server refuses while the connection is open.
@Suite(.timeLimit(.minutes(1)))
struct TokenTests {
    /// Accepts one token; refuses all others, with 403 if they begin with `narrow`.
    private static func accepting(_ token: String) -> ScriptedHTTPServer.Script {
        answering { request, connection in
            guard request["authorization"] == "Bearer \(token)" else {
                let isNarrow = request["authorization"]?.hasPrefix("Bearer narrow") == true
                let challenge = isNarrow ? "Bearer error=\"insufficient_scope\", scope=\"write\"" : "Bearer"
                return try await connection.answer(isNarrow ? 403 : 401, [("WWW-Authenticate", challenge)])
            }
            guard request.method == "POST" else { return try await connection.answer(405, []) }
            guard request.text.contains("\"id\"") else { return try await connection.answer(202, []) }
            let id = try JSONValue(parsing: request.body)["id"]?.int ?? 0
            try await connection.answer(200, body: result(id))
        }
    }

    /// Returns the given outcomes one after the other, and keeps the refusals.
    private final class Renewals: Sendable {
        private let state: Mutex<(outcomes: [AccessTokens.Outcome], refusals: [AccessTokens.Refusal])>

        init(_ outcomes: AccessTokens.Outcome...) {
            state = Mutex((outcomes, []))
        }

        var refusals: [AccessTokens.Refusal] { state.withLock { $0.refusals } }

        func next(_ refusal: AccessTokens.Refusal) -> AccessTokens.Outcome {
            state.withLock { state in
                state.refusals.append(refusal)
                return state.outcomes.isEmpty ? .unrelated : state.outcomes.removeFirst()
            }
        }

        func tokens(_ first: String?) -> AccessTokens {
            let tokens = AccessTokens(first)
            tokens.onRefusal { self.next($0) }
            return tokens
        }
    }

    private static func endpoint(_ tokens: AccessTokens) -> (String) -> HTTPEndpoint {
        { HTTPEndpoint(url: $0, tokens: tokens, transport: .streamableHTTP) }
    }

    @Test(arguments: [Revision.latest, nil])
    func refusedTokenIsReplacedAndTheRequestIsSentAgainOnce(_ revision: Revision?) async throws {
        let renewals = Renewals(.token("second"))
        try await withServer(Self.accepting("second"), endpoint: Self.endpoint(renewals.tokens("first"))) {
            server,
            transport,
            ledger in
            try transport.send(.request(1, revision: revision))
            #expect(await ledger.nextFrame() == result(1))
            #expect(server.requests.map { $0["authorization"] } == ["Bearer first", "Bearer second"])
            #expect(server.requests[0].body == server.requests[1].body)
            let refusal = try #require(renewals.refusals.first)
            #expect(refusal.status == 401)
            #expect(refusal.challenges == ["Bearer"])
            #expect(refusal.token == "first")
            // From now on, the new token is sent at once.
            try transport.send(.request(2, revision: revision))
            #expect(await ledger.nextFrame() == result(2))
            #expect(server.requests.count == 3)
            #expect(transport.evidence(of: 1)?["status"] == 200)
            #expect(!JSONValue.object(transport.evidence()).description.contains("second"))
        }
    }

    @Test
    func serverThatRefusesEveryTokenGetsTheRequestThreeTimesAtMost() async throws {
        let renewals = Renewals(.token("second"), .token("third"), .token("fourth"))
        try await withServer(Self.accepting("none"), endpoint: Self.endpoint(renewals.tokens("first"))) {
            server,
            transport,
            ledger in
            try transport.send(.request(1))
            #expect(await ledger.nextFailure().kind == .unauthorized)
            #expect(server.requests.map { $0["authorization"] } == ["first", "second", "third"].map { "Bearer \($0)" })
            #expect(renewals.refusals.map(\.isRepeated) == [false, true])
        }
    }

    @Test
    func expiredTokenWhoseSuccessorLacksAScopeIsReplacedTwice() async throws {
        let renewals = Renewals(.token("narrow"), .token("wide"))
        try await withServer(Self.accepting("wide"), endpoint: Self.endpoint(renewals.tokens("first"))) {
            server,
            transport,
            ledger in
            try transport.send(.request(1))
            #expect(await ledger.nextFrame() == result(1))
            #expect(renewals.refusals.map(\.status) == [401, 403])
            #expect(server.requests.count == 3)
        }
    }

    @Test
    func failureSaysWhyThereIsNoOtherToken() async throws {
        let reason = AccessTokens.Reason(
            "the refresh token has expired",
            advice: "Log in again.",
            evidence: ["authorization": []]
        )
        let renewals = Renewals(.failed(reason))
        try await withServer(Self.accepting("none"), endpoint: Self.endpoint(renewals.tokens("first"))) {
            server,
            transport,
            ledger in
            try transport.send(.request(1))
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .unauthorized)
            #expect(failure.message.hasSuffix("; no other token: the refresh token has expired"), "\(failure)")
            #expect(failure.advice == "Log in again.")
            #expect(failure.evidence["authorization"] != nil)
            #expect(server.requests.count == 1)
        }
    }

    @Test
    func refusalThatIsNotAboutTheTokenStands() async throws {
        let renewals = Renewals(.unrelated)
        try await withServer(
            answering { _, connection in try await connection.answer(403, [], body: "foreign origin") },
            endpoint: Self.endpoint(renewals.tokens("first"))
        ) { server, transport, ledger in
            try transport.send(.request(1))
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .forbidden)
            #expect(failure.message.hasSuffix("(foreign origin)"), "\(failure)")
            #expect(server.requests.count == 1)
        }
    }

    @Test
    func manyRequestsThatAreRefusedAtOnceShareOneRenewal() async throws {
        let isRefused = Gate()
        let count = Mutex(0)
        let tokens = AccessTokens("first")
        tokens.onRefusal { _ in
            count.withLock { $0 += 1 }
            do {
                try await isRefused.wait()
            } catch {
                return .unrelated
            }
            return .token("second")
        }
        try await withServer(Self.accepting("second"), endpoint: Self.endpoint(tokens)) { server, transport, ledger in
            for id in 1...64 { try transport.send(.request(.integer(Int64(id)))) }
            _ = await server.requests(64)
            isRefused.open()
            var results: Set<String> = []
            for _ in 1...64 { if let frame = await ledger.nextFrame() { results.insert(frame) } }
            #expect(results.count == 64)
            #expect(count.withLock { $0 } == 1)
            #expect(server.requests.count == 128)
        }
    }

    @Test
    func authorizationOfOneCallIsNotReplaced() async throws {
        let renewals = Renewals(.token("second"))
        try await withServer(Self.accepting("first"), endpoint: Self.endpoint(renewals.tokens("first"))) {
            server,
            transport,
            ledger in
            try transport.send(.request(1, fields: [("Authorization", "Bearer wrong")]))
            #expect(await ledger.nextFailure().kind == .unauthorized)
            #expect(renewals.refusals.isEmpty)
            #expect(server.requests.map { $0["authorization"] } == ["Bearer wrong"])
        }
    }

    @Test
    func requestThatIsCancelledDuringTheRenewalIsNotSentAgain() async throws {
        let (began, mayEnd) = (Latch<Void>(), Gate())
        let tokens = AccessTokens("first")
        tokens.onRefusal { _ in
            began.open()
            do {
                try await mayEnd.wait()
            } catch {
                return .unrelated
            }
            return .token("second")
        }
        try await withServer(Self.accepting("second"), endpoint: Self.endpoint(tokens)) { server, transport, ledger in
            try transport.send(.request(1, revision: .latest))
            await began.wait()
            #expect(transport.abandon(1))
            mayEnd.open()
            try transport.send(.request(2, revision: .latest))
            #expect(await ledger.nextFrame() == result(2))
            #expect(server.requests.count { $0.text.contains("\"id\":1") } == 1)
        }
    }

    @Test
    func notificationIsSentAgainAndLaterOnesWaitForIt() async throws {
        let renewals = Renewals(.token("second"))
        try await withServer(Self.accepting("second"), endpoint: Self.endpoint(renewals.tokens("first"))) {
            server,
            transport,
            _ in
            try transport.send(.notification(.rootsListChanged))
            try transport.send(.notification(.cancelled))
            let requests = await server.requests(3)
            #expect(requests.map { $0["authorization"] } == ["Bearer first", "Bearer second", "Bearer second"])
            #expect(requests[0].body == requests[1].body)
            #expect(requests[2].text.contains("cancelled"))
        }
    }

    @Test
    func standaloneStreamIsOpenedAgain() async throws {
        let renewals = Renewals(.token("second"))
        let script = answering { request, connection in
            guard request.method == "GET" else {
                return try await connection.answer(
                    request.text.contains("\"id\"") ? 200 : 202,
                    body: request.text.contains("\"id\"") ? result() : ""
                )
            }
            guard request["authorization"] == "Bearer second" else { return try await connection.answer(401, []) }
            try await connection.beginEvents()
            try await connection.chunk("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n")
            await connection.untilClosed()
        }
        try await withServer(script, endpoint: Self.endpoint(renewals.tokens("first"))) { _, transport, ledger in
            try transport.send(.request(1, .initialize))
            #expect(await ledger.nextFrame() == result())
            transport.settled(on: .v2025_11_25)
            try transport.send(.notification(.initialized))
            #expect(await ledger.nextFrame()?.contains("notifications/message") == true)
        }
    }

    @Test
    func postOfHTTPSSEIsSentAgain() async throws {
        let renewals = Renewals(.token("second"))
        let mailbox = Mailbox()
        let script = answering { request, connection in
            guard request.method == "POST" else {
                try await connection.beginEvents()
                try await connection.chunk("event: endpoint\ndata: /messages\n\n")
                _ = await mailbox.next()
                try await connection.chunk("event: message\ndata: \(result())\n\n")
                return await connection.untilClosed()
            }
            guard request["authorization"] == "Bearer second" else { return try await connection.answer(401, []) }
            mailbox.put(request.body)
            try await connection.answer(202, [])
        }
        let tokens = renewals.tokens("first")
        let endpoint = { (url: String) in HTTPEndpoint(url: url, tokens: tokens, transport: .sse) }
        try await withServer(script, endpoint: endpoint) { server, transport, ledger in
            try transport.send(.request(1, .initialize))
            #expect(await ledger.nextFrame() == result())
            #expect(server.requests.map { $0["authorization"] } == ["Bearer first", "Bearer first", "Bearer second"])
        }
    }

    // MARK: - Bound tokens

    /// Proves by naming what it was asked for, and counts.
    private final class Prover: TokenProver {
        private let count = Mutex(0)

        func proof(of token: String, method: String, url: String, nonce: String?) -> String {
            let number = count.withLock { count in
                count += 1
                return count
            }
            return "\(number) \(method) \(url) \(token) \(nonce ?? "none")"
        }
    }

    /// Demands proofs with a nonce that another response replaces, and no renewal.
    private static func demandingNonces(_ nonces: [String]) -> ScriptedHTTPServer.Script {
        let accepted = Mutex(nonces)
        return answering { request, connection in
            let nonce = accepted.withLock { $0.first ?? "" }
            guard request["dpop"]?.hasSuffix(" \(nonce)") == true else {
                let fields = [("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\""), ("DPoP-Nonce", nonce)]
                return try await connection.answer(401, fields)
            }
            let next = accepted.withLock { nonces in
                if nonces.count > 1 { nonces.removeFirst() }
                return nonces.first ?? ""
            }
            let id = try JSONValue(parsing: request.body)["id"]?.int ?? 0
            try await connection.answer(200, [("DPoP-Nonce", next)], body: result(id))
        }
    }

    @Test
    func everyRequestProvesItsTokenWithTheNewestNonce() async throws {
        let tokens = AccessTokens()
        tokens.replace(with: AccessTokens.Token("bound", prover: Prover()))
        try await withServer(Self.demandingNonces(["n1", "n2"]), endpoint: Self.endpoint(tokens)) {
            server,
            transport,
            ledger in
            let url = server.url()
            for id in 1...2 {
                try transport.send(.request(.integer(Int64(id))))
                #expect(await ledger.nextFrame() == result(id))
            }
            #expect(server.requests.allSatisfy { $0["authorization"] == "DPoP bound" })
            #expect(
                server.requests.map { $0["dpop"] }
                    == ["1 POST \(url) bound none", "2 POST \(url) bound n1", "3 POST \(url) bound n2"]
            )
            #expect(!JSONValue.object(transport.evidence(of: 2) ?? [:]).description.contains("bound n2"))
        }
    }

    @Test
    func serverThatDemandsEverNewNoncesIsAskedTwice() async throws {
        let tokens = AccessTokens()
        tokens.replace(with: AccessTokens.Token("bound", prover: Prover()))
        let script = answering { _, connection in
            let fields = [("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\""), ("DPoP-Nonce", "n")]
            try await connection.answer(401, fields)
        }
        try await withServer(script, endpoint: Self.endpoint(tokens)) { server, transport, ledger in
            try transport.send(.request(1))
            #expect(await ledger.nextFailure().kind == .unauthorized)
            #expect(server.requests.count == 2)
        }
    }

    @Test
    func bearerTokensHaveNoProof() async throws {
        try await withServer(Self.accepting("first"), endpoint: Self.endpoint(AccessTokens("first"))) {
            server,
            transport,
            ledger in
            try transport.send(.request(1))
            #expect(await ledger.nextFrame() == result(1))
            #expect(server.requests.allSatisfy { $0["dpop"] == nil })
        }
    }
}
