import JSON
import MCPAuth
import MCPHTTP
import MCPHTTPServer
import Synchronization
import TextUtilities

// Registration, and who a client is.
extension DemoIssuer {
    typealias Client = DemoIssuerState.Client

    /// Registers a client (RFC 7591).
    func register(_ request: SiteRequest) -> SiteResponse {
        guard !settings.faults.contains(.noRegistration) else { return .text(404, "There is nothing here.") }
        let given: JSONObject
        do throws(JSONError) {
            guard let object = try JSONValue(parsing: request.body).object else {
                return .error("invalid_client_metadata", "the body is not a JSON object")
            }
            given = object
        } catch {
            return .error("invalid_client_metadata", "the body is not valid JSON")
        }
        let redirects = given["redirect_uris"]?.array?.compactMap(\.string) ?? []
        guard redirects.allSatisfy(Self.isRedirectURI) else {
            return .error("invalid_redirect_uri", "a redirect URI must be https, or http on this machine")
        }
        let method = given["token_endpoint_auth_method"]?.string ?? "client_secret_basic"
        guard ["none", "client_secret_basic", "client_secret_post"].contains(method) else {
            return .error("invalid_client_metadata", "the authentication method is not supported")
        }
        let id = "client-\(randomIdentifier())"
        let client = Client(secret: method == "none" ? nil : randomIdentifier(), redirectURIs: redirects)
        guard add({ $0.clients[id] = client }) else {
            return .error("invalid_client_metadata", "too many clients", 503)
        }
        var document = given
        document["client_id"] = .string(id)
        document["token_endpoint_auth_method"] = .string(method)
        if let secret = client.secret {
            document["client_secret"] = .string(secret)
            document["client_secret_expires_at"] = 0
        }
        return .json(document, 201)
    }

    /// Changes the state, unless it is full.
    func add(_ change: (inout DemoIssuerState) -> Void) -> Bool {
        state.withLock { state in
            guard !state.isFull else { return false }
            change(&state)
            return true
        }
    }

    static func isRedirectURI(_ text: String) -> Bool {
        do throws(HTTPURL.Fault) {
            let url = try HTTPURL(text)
            return !text.contains("#") && (url.isSecure || isLoopback(url.host))
        } catch {
            return false
        }
    }

    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || IPAddress(host)?.isLoopback == true
    }

    /// Whether a redirect URI is registered; the port of a loopback address may differ (RFC 8252, section 7.3).
    static func isRegistered(_ uri: String, of client: Client) -> Bool {
        client.redirectURIs.contains(uri)
            || client.redirectURIs.contains { registered in
                do throws(HTTPURL.Fault) {
                    var (one, other) = (try HTTPURL(registered), try HTTPURL(uri))
                    guard !one.isSecure, isLoopback(one.host) else { return false }
                    (one.explicitPort, other.explicitPort) = (nil, nil)
                    return one == other && !uri.contains("#")
                } catch {
                    return false
                }
            }
    }

    /// The client with an ID: registered, or described by the document that its ID points to.
    func client(_ id: String) async -> Client? {
        if let client = state.withLock({ $0.clients[id] }) { return client }
        guard id.contains("://"), !settings.faults.contains(.noRegistration) else { return nil }
        return await documentedClient(id)
    }

    /// A client by its client ID metadata document, which must name the URL that it is at.
    ///
    /// Source: 2026-07-28, "Client Registration", "Client ID Metadata Documents".
    private func documentedClient(_ id: String) async -> Client? {
        do {
            let url = try HTTPURL(id)
            let policy = AddressPolicy(server: try HTTPURL(settings.issuer))
            guard policy.refusal(of: url) == nil, url.path != "/" else { return nil }
            let response = try await http(.metadata(url))
            guard response.status == 200, let document = try JSONValue(parsing: response.body).object,
                document["client_id"]?.string == id
            else { return nil }
            let redirects = document["redirect_uris"]?.array?.compactMap(\.string) ?? []
            return Client(secret: nil, redirectURIs: redirects.filter(Self.isRedirectURI))
        } catch {
            // A document that cannot be read describes no client.
            return nil
        }
    }

    /// The client that sent a form, or the error.
    func authenticated(_ request: SiteRequest, _ form: FormParameters) async -> Result<String, ClientFault> {
        var (id, secret) = (form["client_id"], form["client_secret"])
        if let header = request.field("Authorization") {
            guard header.lowercased().hasPrefix("basic "),
                let pair = Base64.decode(header.dropFirst(6).utf8).map({ String(decoding: $0, as: UTF8.self) }),
                let colon = pair.firstIndex(of: ":")
            else { return .failure(.init()) }
            let decode = { (text: Substring) in FormParameters(parsing: "x=\(text)")["x"] ?? "" }
            (id, secret) = (decode(pair[..<colon]), decode(pair[pair.index(after: colon)...]))
        }
        guard let id, let client = await client(id), client.secret == secret else { return .failure(.init()) }
        return .success(id)
    }

    /// The client is unknown, or its secret is wrong.
    struct ClientFault: Error {
        var response: SiteResponse {
            var response = SiteResponse.error("invalid_client", "the client is unknown, or its secret is wrong", 401)
            response.fields.append(("WWW-Authenticate", "Basic realm=\"demo\""))
            return response
        }
    }
}
