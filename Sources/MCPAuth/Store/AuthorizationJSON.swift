import JSON
import MCPHTTP

extension Authorization {
    /// The authorization as a file keeps it, secrets included.
    var stored: JSONObject {
        var object: JSONObject = [
            "server": .string(server.text), "resource": .string(resource.text), "issuer": .string(issuer),
            "grant": .string(grant), "token_endpoint": .string(tokenEndpoint.requestText),
            "token_endpoint_auth_method": .string(method.rawValue),
        ]
        var client: JSONObject = ["id": .string(self.client.id), "source": .string(self.client.source.rawValue)]
        client["secret"] = self.client.secret.map(JSONValue.string)
        client["issuer"] = self.client.issuer.map(JSONValue.string)
        if let key = self.client.key {
            var stored: JSONObject = ["pem": .string(key.pem)]
            stored["algorithm"] = key.algorithm.map(JSONValue.string)
            stored["id"] = key.id.map(JSONValue.string)
            client["key"] = .object(stored)
        }
        object["client"] = .object(client)
        object["dpop_key"] = possession.map { .string($0.key.pem) }
        object["redirect_uri"] = redirectURI.map(JSONValue.string)
        object["access_token"] = .string(tokens.accessToken)
        object["refresh_token"] = tokens.refreshToken.map(JSONValue.string)
        object["expires_at"] = tokens.expiresAt.map { JSONValue($0) }
        object["requested_scope"] = .string(tokens.requestedScopes.description)
        object["granted_scope"] = tokens.grantedScopes.map { .string($0.description) }
        return object
    }

    /// Reads a stored authorization; nil if a required member is missing or malformed.
    init?(stored object: JSONObject) {
        guard let server = object["server"]?.string, let resource = object["resource"]?.string,
            let issuer = object["issuer"]?.string, let grant = object["grant"]?.string,
            let endpoint = object["token_endpoint"]?.string,
            let method = object["token_endpoint_auth_method"]?.string.flatMap(OAuthClient.Authentication.init),
            let client = object["client"]?.object, let id = client["id"]?.string,
            let source = client["source"]?.string.flatMap(OAuthClient.Source.init),
            let token = object["access_token"]?.string
        else { return nil }
        do throws(HTTPURL.Fault) {
            tokenEndpoint = try HTTPURL(endpoint)
        } catch {
            return nil
        }
        self.server = ResourceIdentifier(verbatim: server)
        self.resource = ResourceIdentifier(verbatim: resource)
        self.issuer = issuer
        self.grant = grant
        self.method = method
        self.client = OAuthClient(
            id: id,
            secret: client["secret"]?.string,
            key: client["key"]?.object.flatMap { key in
                key["pem"]?.string.map {
                    SigningKey(pem: $0, algorithm: key["algorithm"]?.string, id: key["id"]?.string)
                }
            },
            authentication: method,
            issuer: client["issuer"]?.string,
            source: source
        )
        possession = object["dpop_key"]?.string.map { PossessionKey(SigningKey(pem: $0)) }
        redirectURI = object["redirect_uri"]?.string
        tokens = TokenSet(
            accessToken: token,
            expiresAt: object["expires_at"]?.int.map(Int64.init),
            refreshToken: object["refresh_token"]?.string,
            requestedScopes: ScopeSet(parsing: object["requested_scope"]?.string ?? ""),
            grantedScopes: object["granted_scope"]?.string.map(ScopeSet.init(parsing:))
        )
    }
}
