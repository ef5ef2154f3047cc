/// The grant types that are used.
enum GrantType {
    static let code = "authorization_code"
    static let refreshToken = "refresh_token"
    static let clientCredentials = "client_credentials"
    static let jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    static let tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
    static let deviceCode = "urn:ietf:params:oauth:grant-type:device_code"
}
