import MCPAuth

/// What an issuer remembers.
struct DemoIssuerState: Sendable {
    /// A client; without a secret it is public.
    struct Client: Sendable {
        var secret: String?
        var redirectURIs: [String]
    }

    /// What a user agreed to.
    struct Grant: Sendable {
        var client: String
        var subject: String
        var resource: String
        var scopes: ScopeSet
        /// What the tokens of one consent have in common.
        var family: String
    }

    /// A code that was not exchanged yet.
    struct Code: Sendable {
        var grant: Grant
        var redirectURI: String
        var challenge: String
        var method: String
        var expiry: Int64
    }

    /// An authorization on another device.
    struct Device: Sendable {
        var grant: Grant
        var userCode: String
        var expiry: Int64
        var isApproved = false
    }

    /// An authorization request that waits for the user.
    struct Request: Sendable {
        var code: Code
        var state: String?
    }

    var clients: [String: Client] = [:]
    var requests: [String: Request] = [:]
    var codes: [String: Code] = [:]
    var usedCodes: [String: String] = [:]
    var refreshTokens: [String: Grant] = [:]
    /// Refresh tokens that were exchanged, with their family.
    var usedRefreshTokens: [String: String] = [:]
    var devices: [String: Device] = [:]
    /// The `jti` of access tokens, by family.
    var issued: [String: [String]] = [:]
    var revoked: Set<String> = []

    mutating func revoke(_ id: String) {
        if revoked.count < DemoIssuer.limit { revoked.insert(id) }
    }

    /// Revokes all tokens of one consent.
    mutating func revoke(family: String) {
        for id in issued[family] ?? [] { revoke(id) }
        refreshTokens = refreshTokens.filter { $0.value.family != family }
    }

    /// Whether there is no space for another entry: nothing here is meant to run for long.
    var isFull: Bool {
        [clients.count, requests.count, codes.count, refreshTokens.count, devices.count, issued.count]
            .contains { $0 >= DemoIssuer.limit }
    }
}
