public import JSON
import MCPHTTP
import NIOHTTP1
import Synchronization

/// The access token for the requests of a connection, which can be replaced while the connection is open.
///
/// Of all requests that are refused at the same time, one asks for another token, and the others wait for it. Two values are
/// equal if they are the same object.
public final class AccessTokens: Sendable, Hashable {
    /// A response that refused a request because of its token.
    public struct Refusal: Sendable {
        /// The status: 401 or 403.
        public var status: Int
        /// The values of `WWW-Authenticate`.
        public var challenges: [String]
        /// The token of the request; nil if it had none.
        public var token: String?
        /// Whether the same request was refused before, with another token.
        public var isRepeated: Bool
        /// Whether only a nonce is missing, which the response has.
        var demandsNonce = false
    }

    /// What became of a refusal.
    public enum Outcome: Sendable {
        /// The request is sent again with this token.
        case token(Token)
        /// The request is sent again with the same token and the nonce of the response.
        case nonce
        /// The refusal is not about the token, so it stands.
        case unrelated
        /// There is no other token, so the refusal stands.
        case failed(Reason)
    }

    /// Why there is no other token.
    public struct Reason: Sendable {
        /// What happened, as a clause that starts in lower case, without secrets.
        public var message: String
        /// What to do; nil if there is nothing in particular.
        public var advice: String?
        /// Facts about it, without secrets.
        public var evidence: JSONObject

        /// Creates a reason.
        public init(_ message: String, advice: String? = nil, evidence: JSONObject = [:]) {
            self.message = message
            self.advice = advice
            self.evidence = evidence
        }
    }

    /// Gets another token.
    public typealias Renewal = @Sendable (Refusal) async -> Outcome

    private struct State {
        /// The token, and the value of the header with it.
        var current: (token: Token, field: String)?
        /// The newest nonce of the server, for proofs.
        var nonce: String?
        var renewal: Renewal?
        var running: Task<Void, Never>?
        var waiting: [@Sendable (Outcome) -> Void] = []
    }

    private let state: Mutex<State>
    /// Whether the token needs a proof with each request, which is known without a lock: most do not.
    private let isProven = Atomic(false)

    /// Creates the tokens of a connection.
    ///
    /// - Parameter token: The first one; nil to send none.
    public init(_ token: String? = nil) {
        state = Mutex(State(current: token.map { Self.pair(Token($0)) }))
    }

    private static func pair(_ token: Token) -> (Token, String) { (token, token.field) }

    /// The token to send; nil if there is none.
    public var current: String? { state.withLock { $0.current?.token.text } }

    /// The value of the `Authorization` header; nil without a token.
    var field: String? { state.withLock { $0.current?.field } }

    /// Replaces the token.
    public func replace(with token: Token) {
        state.withLock { set(token, in: &$0) }
    }

    private func set(_ token: Token, in state: inout State) {
        state.current = Self.pair(token)
        isProven.store(token.prover != nil, ordering: .releasing)
    }

    /// Sets what gets another token.
    ///
    /// Until then, a refused request fails.
    public func onRefusal(_ renewal: @escaping Renewal) {
        state.withLock { $0.renewal = renewal }
    }

    /// Whether something can get another token.
    var isRenewable: Bool { state.withLock { $0.renewal != nil } }

    /// Gets another token than the refused one.
    ///
    /// - Parameter completion: Called once, on any thread.
    func replace(after refusal: Refusal, _ completion: @escaping @Sendable (Outcome) -> Void) {
        let known = state.withLock { state -> Outcome? in
            if refusal.demandsNonce { return .nonce }
            guard let renewal = state.renewal else { return .unrelated }
            // Another request was refused earlier, and the token has been replaced since this one was sent.
            if let current = state.current, current.token.text != refusal.token { return .token(current.token) }
            state.waiting.append(completion)
            if state.running == nil {
                // Created under the lock, so that it is stored before it can finish.
                state.running = Task { [self] in finish(await renewal(refusal)) }
            }
            return nil
        }
        if let known { completion(known) }
    }

    private func finish(_ outcome: Outcome) {
        let waiting = state.withLock { state in
            if case .token(let token) = outcome { set(token, in: &state) }
            state.running = nil
            defer { state.waiting = [] }
            return state.waiting
        }
        for completion in waiting { completion(outcome) }
    }

    // MARK: - Proofs

    /// The request with a proof for its token, if the token needs one.
    func proven(_ request: ExchangeRequest) -> ExchangeRequest {
        guard isProven.load(ordering: .acquiring), let sent = request.fields.first(name: "Authorization"),
            sent.hasPrefix("DPoP ")
        else { return request }
        let (prover, nonce) = state.withLock { ($0.current?.token.prover, $0.nonce) }
        guard let prover else { return request }
        var url = request.url
        (url.query, url.userInformation) = (nil, nil)
        let proof = prover.proof(
            of: String(sent.dropFirst(5)),
            method: request.method.rawValue,
            url: url.requestText,
            nonce: nonce
        )
        var fields = request.fields
        fields.replaceOrAdd(name: "DPoP", value: proof)
        return ExchangeRequest(
            method: request.method,
            url: request.url,
            fields: fields,
            body: request.body,
            userFields: request.head.userFields
        )
    }

    /// Takes the nonce for later proofs from the fields of any response.
    func readNonce(_ fields: HTTPHeaders) {
        guard isProven.load(ordering: .acquiring), let nonce = fields.first(name: "DPoP-Nonce") else { return }
        state.withLock { $0.nonce = nonce }
    }

    /// Whether a refusal demands nothing but the nonce that it has.
    func demandsNonce(_ fields: HTTPHeaders) -> Bool {
        isProven.load(ordering: .acquiring) && fields.contains(name: "DPoP-Nonce")
            && fields["WWW-Authenticate"].contains { $0.contains("use_dpop_nonce") }
    }

    /// Cancels a renewal in progress and waits for its end.
    func cancelRenewal() async {
        let running = state.withLock { $0.running }
        running?.cancel()
        await running?.value
    }

    /// Whether both are the same object.
    public static func == (one: AccessTokens, other: AccessTokens) -> Bool { one === other }

    /// Hashes the identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension AccessTokens.Outcome {
    /// What a log says about sending a request again.
    ///
    /// - Parameter what: The request.
    func event(_ status: HTTPResponseStatus, sendingAgain what: String) -> String {
        if case .nonce = self { return "the server demands a nonce (\(status.code)); sending \(what) again with it" }
        return "the server refused the token (\(status.code)); sending \(what) again with another one"
    }
}
