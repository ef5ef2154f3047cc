import JSON
import MCPAuth
public import MCPHTTPServer

extension DemoIssuer: SitePages {
    /// The paths of an issuer.
    enum Page: String, CaseIterable {
        case metadata = "/.well-known/oauth-authorization-server"
        case keys = "/oauth/keys"
        case authorize = "/oauth/authorize"
        case token = "/oauth/token"
        case register = "/oauth/register"
        case revoke = "/oauth/revoke"
        case deviceAuthorization = "/oauth/device_authorization"
        case device = "/oauth/device"
    }

    /// The maximum size of a request body, in bytes.
    private static let bodyLimit = 64 << 10

    /// Whether a path is one of the issuer's: also those of metadata that it does not have, which need no token either.
    public func contains(_ path: String) -> Bool { Page(rawValue: path) != nil || path.hasPrefix("/.well-known/") }

    /// Responds to a client or to the browser of a user.
    public func respond(to request: SiteRequest) async -> SiteResponse {
        var response = await unshared(request)
        // Pages for users must not be shown inside of others.
        response.fields.append(("X-Frame-Options", "DENY"))
        if !settings.faults.contains(.noCORS) { response.fields.append(("Access-Control-Allow-Origin", "*")) }
        return response
    }

    private func unshared(_ request: SiteRequest) async -> SiteResponse {
        guard let page = Page(rawValue: request.path) else { return .text(404, "There is nothing here.") }
        guard request.body.count <= Self.bodyLimit else { return .text(413, "The request is too large.") }
        switch (request.method, page) {
        case ("OPTIONS", _):
            let methods = (name: "Access-Control-Allow-Methods", value: "GET, POST")
            let headers = (
                name: "Access-Control-Allow-Headers", value: "Authorization, Content-Type, MCP-Protocol-Version"
            )
            return SiteResponse(status: 204, fields: settings.faults.contains(.noCORS) ? [] : [methods, headers])
        case ("GET", .metadata):
            return settings.faults.contains(.noServerMetadata) ? .text(404, "There is nothing here.") : .json(metadata)
        case ("GET", .keys): return keyDocument
        case ("GET", .authorize): return await authorize(FormParameters(parsing: request.query ?? ""))
        case ("POST", .authorize): return decide(FormParameters(request))
        case ("POST", .token): return await token(request)
        case ("POST", .register): return register(request)
        case ("POST", .revoke):
            FormParameters(request).values(of: "token").first.map(revoke)
            return SiteResponse(status: 200)
        case ("POST", .deviceAuthorization): return await beginDevice(request)
        case ("GET", .device): return devicePage(FormParameters(parsing: request.query ?? ""))
        case ("POST", .device): return approveDevice(FormParameters(request))
        default: return .text(405, "This method is not supported here.")
        }
    }

    // MARK: - Documents

    private func url(_ page: Page) -> JSONValue { .string(settings.issuer + page.rawValue) }

    private var metadata: JSONObject {
        let faults = settings.faults
        var document: JSONObject = [
            "issuer": .string(faults.contains(.wrongIssuer) ? "https://other.example" : settings.issuer),
            "authorization_endpoint": url(.authorize), "token_endpoint": url(.token),
            "jwks_uri": url(.keys), "revocation_endpoint": url(.revoke),
            "device_authorization_endpoint": url(.deviceAuthorization),
            "scopes_supported": .array(settings.scopes.values.map(JSONValue.string)),
            "response_types_supported": ["code"],
            "grant_types_supported": [
                "authorization_code", "refresh_token", "client_credentials",
                "urn:ietf:params:oauth:grant-type:device_code",
            ],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": [faults.contains(.noS256) ? "plain" : "S256"],
            "authorization_response_iss_parameter_supported": true, "notice": .string(Self.notice),
        ]
        guard !faults.contains(.noRegistration) else { return document }
        document["registration_endpoint"] = url(.register)
        document["client_id_metadata_document_supported"] = true
        return document
    }

    private var keyDocument: SiteResponse {
        do throws(AuthFailure) {
            return .json(try mint.keyDocument())
        } catch {
            return .text(500, "The key cannot be used.")
        }
    }
}

extension FormParameters {
    /// The parameters of a body.
    init(_ request: SiteRequest) {
        self.init(parsing: String(decoding: request.body, as: UTF8.self))
    }

    /// The first value of a parameter.
    subscript(name: String) -> String? { values(of: name).first }
}

extension SiteResponse {
    private static let noStore = (name: "Cache-Control", value: "no-store")

    static func json(_ object: JSONObject, _ status: Int = 200) -> SiteResponse {
        SiteResponse(
            status: status,
            fields: [("Content-Type", "application/json"), noStore],
            body: Array(JSONValue.object(object).description.utf8)
        )
    }

    /// An error of OAuth (RFC 6749, section 5.2).
    static func error(_ code: String, _ description: String, _ status: Int = 400) -> SiteResponse {
        .json(["error": .string(code), "error_description": .string(description)], status)
    }

    static func text(_ status: Int, _ text: String) -> SiteResponse {
        SiteResponse(
            status: status,
            fields: [("Content-Type", "text/plain; charset=utf-8"), noStore],
            body: Array(text.utf8)
        )
    }

    /// A page with a text, and perhaps a form.
    static func page(_ status: Int, _ title: String, _ text: String, form: String = "") -> SiteResponse {
        let html = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>\(title.inHTML)</title>
            <h1>\(title.inHTML)</h1><p>\(text.inHTML)</p>\(form)<p><small>\(DemoIssuer.notice)</small></p></html>
            """
        let policy = "default-src 'none'; frame-ancestors 'none'"
        return SiteResponse(
            status: status,
            fields: [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy), noStore],
            body: Array(html.utf8)
        )
    }

    static func redirect(_ url: String) -> SiteResponse {
        SiteResponse(status: 302, fields: [("Location", url), noStore])
    }
}

extension String {
    /// The text with the characters escaped that mean something in HTML.
    var inHTML: String {
        map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: String(character)
            }
        }.joined()
    }
}
