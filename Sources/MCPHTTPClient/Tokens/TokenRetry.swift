import JSON
import MCPTransport
import NIOHTTP1

/// Decides whether a refused request is sent again with another token.
///
/// A request is sent again twice at most: the second time is for a token that has expired and whose successor lacks a scope,
/// or whose authorization server has changed. Once more, it is sent with a nonce that the server demands.
struct TokenRetry {
    private var count = 0
    private var hasSentNonce = false

    private static let limit = 2

    /// The refusal that a response is.
    ///
    /// - Parameter head: The head of the frame; nil for a request without one.
    /// - Returns: nil if the response is not a refusal, if nothing can get another token, or if the request has been sent
    ///   again often enough.
    mutating func refusal(
        in response: ReceivedResponse,
        to request: ExchangeRequest,
        _ head: FrameHead?,
        _ tokens: AccessTokens?
    ) -> AccessTokens.Refusal? {
        guard let tokens, response.status == .unauthorized || response.status == .forbidden else { return nil }
        // The user tests another token in this call.
        if head?.fields.contains(where: { $0.name.lowercased() == "authorization" }) == true { return nil }
        var refusal = AccessTokens.Refusal(
            status: Int(response.status.code),
            challenges: response.fields["WWW-Authenticate"],
            token: request.fields.first(name: "Authorization").map { String($0.drop { $0 != " " }.dropFirst()) },
            isRepeated: count > 0
        )
        if tokens.demandsNonce(response.fields) {
            // A server that is not content with its own nonce is not asked again.
            guard !hasSentNonce else { return nil }
            hasSentNonce = true
            refusal.demandsNonce = true
            return refusal
        }
        guard count < Self.limit, tokens.isRenewable else { return nil }
        count += 1
        return refusal
    }
}

extension AccessTokens.Reason {
    /// Adds the reason to the failure of a request that was refused.
    func complete(_ failure: TransportFailure) -> TransportFailure {
        var failure = failure
        failure.message += "; no other token: \(message)"
        failure.advice = advice ?? failure.advice
        for member in evidence.members { failure.evidence[member.key] = member.value }
        return failure
    }
}
