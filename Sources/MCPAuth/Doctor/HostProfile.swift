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
        /// The requests come from a page with this origin, so they need CORS.
        case crossOrigin(String)
    }

    /// The name on the command line, such as `vscode`.
    public var id: String
    /// The name of the product.
    public var name: String
    /// The redirect URIs that it registers, in order.
    public var redirectURIs: [String]
    /// How it gets a client ID, in order of preference.
    public var registrations: [Registration]
    /// Whether it registers as a native application; a web application otherwise.
    public var isNative: Bool
    /// The scopes that it adds to those that the server names.
    public var addedScopes: [String]
    /// What it needs.
    public var requirements: [Requirement]
    /// The page that documents this.
    public var source: String

    /// The origin of the page that sends the requests; nil if it is not a page in a browser.
    public var origin: String? {
        requirements.lazy.compactMap { if case .crossOrigin(let origin) = $0 { origin } else { nil } }.first
    }

    /// Finds a host by its name on the command line; case and punctuation are ignored.
    public static func named(_ name: String) -> HostProfile? {
        let wanted = folded(name)
        return all.first { folded($0.id) == wanted || folded($0.name) == wanted }
    }

    private static func folded(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
}

extension HostProfile {
    /// The hosts, each as its documentation describes it.
    public static let all: [HostProfile] = [
        HostProfile(
            id: "claude",
            name: "Claude",
            redirectURIs: ["https://claude.ai/api/mcp/auth_callback"],
            registrations: [.metadataDocument("https://claude.ai/oauth/mcp-oauth-client-metadata"), .dynamic, .given],
            isNative: false,
            addedScopes: [],
            requirements: [.publicAddress, .exactResource, .firstAuthorizationServer],
            source: "https://claude.com/docs/connectors/building/authentication"
        ),
        HostProfile(
            id: "claude-code",
            name: "Claude Code",
            redirectURIs: ["http://localhost:3118/callback"],
            registrations: [
                .metadataDocument("https://claude.ai/oauth/claude-code-client-metadata"), .dynamic, .given,
            ],
            isNative: true,
            addedScopes: [ScopeChoice.offlineAccess],
            requirements: [.exactResource],
            source: "https://code.claude.com/docs/en/mcp"
        ),
        HostProfile(
            id: "chatgpt",
            name: "ChatGPT",
            redirectURIs: ["https://chatgpt.com/connector_platform_oauth_redirect"],
            registrations: [.metadataDocument("https://chatgpt.com/oauth/client.json"), .dynamic],
            isNative: false,
            addedScopes: [],
            requirements: [.publicAddress, .responseIssuer],
            source: "https://developers.openai.com/apps-sdk/build/auth"
        ),
        HostProfile(
            id: "vscode",
            name: "VS Code",
            redirectURIs: ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
            registrations: [.dynamic, .metadataDocument("https://vscode.dev/oauth/client-metadata.json"), .given],
            isNative: true,
            addedScopes: [],
            requirements: [.exactResource],
            source: "https://code.visualstudio.com/api/extension-guides/ai/mcp"
        ),
        HostProfile(
            id: "inspector",
            name: "MCP Inspector",
            redirectURIs: ["http://localhost:6274/oauth/callback"],
            registrations: [.dynamic, .given],
            isNative: true,
            addedScopes: [],
            requirements: [.crossOrigin("http://localhost:6274")],
            source: "https://github.com/modelcontextprotocol/inspector"
        ),
    ]
}
