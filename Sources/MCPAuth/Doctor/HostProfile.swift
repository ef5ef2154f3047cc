/// How a host authorizes, as it documents it.
public struct HostProfile: Sendable, Hashable {
    /// How a host gets a client ID.
    public enum Registration: Sendable, Hashable {
        /// Its client ID is the URL of its metadata.
        case metadataDocument(String)
        /// It registers itself.
        case dynamic
        /// The user registers a client and enters its ID.
        case given
    }

    /// What a host needs beyond the specification.
    public enum Requirement: Sendable, Hashable {
        /// `resource` of the metadata is the URL that the user enters, with its path.
        case exactResource
        /// The server and the authorization server are reachable from the internet, with https.
        case publicAddress
        /// Only the first entry of `authorization_servers` is used.
        case firstAuthorizationServer
        /// The authorization server announces `iss`, or the redirect URI is another one for each connection.
        case responseIssuer
        /// Pages of other origins may use the endpoints, because the requests come from a page (CORS).
        case crossOrigin
    }

    /// The name on the command line, such as `vscode`.
    public var id: String
    /// The name of the product, which is also the name of the client that it registers.
    public var name: String
    /// The redirect URIs that it registers; the first one is in the authorization request.
    public var redirectURIs: [String]
    /// How it gets a client ID, in order of preference.
    public var registrations: [Registration]
    /// Whether it registers as a native application; a web application otherwise.
    public var isNative: Bool
    /// The scopes that it adds to those that the server names, if the authorization server lists them.
    public var addedScopes: [String]
    /// What it needs.
    public var requirements: [Requirement]
    /// The page or the source file that documents this.
    public var source: String

    /// Finds a host by its name on the command line; case and punctuation are ignored.
    public static func named(_ name: String) -> HostProfile? {
        let wanted = folded(name)
        return all.first { folded($0.id) == wanted || folded($0.name) == wanted }
    }

    private static func folded(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
}

extension HostProfile {
    /// The hosts, as their documentation and source code described them on 2026-11-30.
    public static let all: [HostProfile] = [
        // Claude documentation, "Authentication" (connectors), and Claude Help Center, "Building custom connectors via remote
        // MCP servers". The Help Center asks to allow https://claude.com/api/mcp/auth_callback as well, for later.
        HostProfile(
            id: "claude",
            name: "Claude",
            redirectURIs: ["https://claude.ai/api/mcp/auth_callback"],
            registrations: [.metadataDocument("https://claude.ai/oauth/mcp-oauth-client-metadata"), .dynamic, .given],
            isNative: false,
            addedScopes: [ScopeChoice.offlineAccess],
            requirements: [.publicAddress, .exactResource, .firstAuthorizationServer],
            source: "https://claude.com/docs/connectors/building/authentication"
        ),
        // Claude Code documentation, "Connect Claude Code to tools via MCP"; anthropics/claude-code issues 37767 (redirect URIs)
        // and 58735 (`resource` may be the origin). The port changes; 3118 is the usual one.
        HostProfile(
            id: "claude-code",
            name: "Claude Code",
            redirectURIs: ["http://localhost:3118/callback"],
            registrations: [
                .metadataDocument("https://claude.ai/oauth/claude-code-client-metadata"), .dynamic, .given,
            ],
            isNative: true,
            addedScopes: [ScopeChoice.offlineAccess],
            requirements: [],
            source: "https://code.claude.com/docs/en/mcp"
        ),
        // OpenAI Apps SDK documentation, "Authentication".
        HostProfile(
            id: "chatgpt",
            name: "ChatGPT",
            redirectURIs: ["https://chatgpt.com/connector_platform_oauth_redirect"],
            registrations: [.metadataDocument("https://chatgpt.com/oauth/client.json"), .dynamic, .given],
            isNative: false,
            addedScopes: [],
            requirements: [.publicAddress, .responseIssuer],
            source: "https://developers.openai.com/apps-sdk/build/auth"
        ),
        // microsoft/vscode, src/vs/base/common/oauth.ts (fetchDynamicRegistration, fetchResourceMetadata) and
        // src/vs/workbench/api/browser/mainThreadAuthentication.ts.
        HostProfile(
            id: "vscode",
            name: "Visual Studio Code",
            redirectURIs: [
                "http://127.0.0.1:33418/", "https://vscode.dev/redirect", "https://insiders.vscode.dev/redirect",
                "http://127.0.0.1/",
            ],
            registrations: [.metadataDocument("https://vscode.dev/oauth/client-metadata.json"), .dynamic, .given],
            isNative: true,
            addedScopes: [],
            requirements: [.exactResource],
            source: "https://github.com/microsoft/vscode/blob/main/src/vs/base/common/oauth.ts"
        ),
        // modelcontextprotocol/inspector 2.3.0, core/auth/providers.ts and clients/web/src/lib/environmentFactory.ts: its backend
        // sends the requests, so it needs no CORS. It has a metadata document only if its user names one.
        HostProfile(
            id: "inspector",
            name: "MCP Inspector",
            redirectURIs: ["http://localhost:6274/oauth/callback"],
            registrations: [.dynamic, .given],
            isNative: true,
            addedScopes: [ScopeChoice.offlineAccess],
            requirements: [],
            source: "https://github.com/modelcontextprotocol/inspector/blob/main/core/auth/providers.ts"
        ),
        // No product: any client that is a page and sends its requests itself.
        HostProfile(
            id: "browser",
            name: "a client in a browser",
            redirectURIs: ["http://localhost:6274/oauth/callback"],
            registrations: [.dynamic, .given],
            isNative: false,
            addedScopes: [],
            requirements: [.crossOrigin],
            source: "https://fetch.spec.whatwg.org/#http-cors-protocol"
        ),
    ]
}
