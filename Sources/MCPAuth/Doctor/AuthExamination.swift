import JSON
import MCPHTTP

/// Examines the authorization of a server as the specification describes it, step by step.
///
/// It goes on after a fault where it can. Without leave, it registers nothing, and it never asks a user: an authorization
/// request is sent only for a client that exists, and its redirect is not followed.
public struct AuthExamination {
    /// What the user allows and knows.
    public struct Options: Sendable {
        /// The host to be replayed; nil for this program.
        public var host: HostProfile?
        /// Whether a client may be registered.
        public var registers: Bool
        /// A token that the server should accept; nil if there is none.
        public var token: String?
        /// The key that the token is bound to; nil for a bearer token.
        public var possession: PossessionKey?

        /// Creates options.
        public init(
            host: HostProfile? = nil,
            registers: Bool = false,
            token: String? = nil,
            possession: PossessionKey? = nil
        ) {
            self.host = host
            self.registers = registers
            self.token = token
            self.possession = possession
        }
    }

    let flow: AuthorizationFlow
    let options: Options
    var isReachable = true
    /// Whether the server demands a token.
    var isDemanded = false
    /// The challenge of the server; nil if it has none.
    var challenge: Challenge?
    /// The document that clients use, or the best of those that they do not.
    var resource: JSONObject?
    /// Where it was found.
    var resourceURL: HTTPURL?
    /// Whether clients find no such document, so that some use the server's origin as its authorization server.
    var lacksResource = false
    /// The authorization servers that clients try, as written.
    var issuers: [String] = []
    /// The first metadata that clients use, or the best of those that they do not.
    var server: ServerMetadata?
    /// Where it was found.
    var serverURL: HTTPURL?
    var registeredClient: String?

    /// Prepares an examination; nothing is sent yet.
    public init(by flow: AuthorizationFlow, _ options: Options = Options()) {
        self.flow = flow
        self.options = options
        flow.trace.hide(options.token)
        flow.hide(options.possession)
    }

    /// Examines the server.
    public mutating func run() async -> AuthDiagnosis {
        examineAddress()
        await examineServer()
        if isReachable {
            await examineResourceMetadata()
            await examineServerMetadata()
            examineContent()
            await examineTokenEndpoint()
            await examineCrossOrigin()
            await examineClient()
            await examineToken()
        }
        return AuthDiagnosis(
            steps: flow.trace.steps,
            isDemanded: isDemanded,
            issuer: server?.issuer,
            registeredClient: registeredClient,
            isServerAtOrigin: lacksResource && isServerAtOrigin
        )
    }

    /// Whether a host that runs elsewhere can reach the server at all.
    private func examineAddress() {
        guard let host, needs(.publicAddress) else { return }
        guard !url.isSecure || IPAddress(url.host) != nil || url.host == "localhost" else { return }
        add(
            .server,
            .fault,
            .hostRequirement,
            "\(host.name) reaches the server from the internet, so it needs a public name and https",
            .refusedAddress,
            advice: "Test the deployed server, or open a tunnel to this one."
        )
    }

    /// Whether the metadata of the authorization server is where clients look for it at the server's origin.
    private var isServerAtOrigin: Bool {
        var origin = url
        (origin.path, origin.query, origin.userInformation) = ("/", nil, nil)
        return serverURL.map(WellKnown.server(origin).contains) ?? false
    }

    // MARK: - What the parts share

    var url: HTTPURL { flow.settings.server }

    /// The canonical identifier of the server.
    var identifier: String { ResourceIdentifier(server: url).text }

    func add(
        _ purpose: AuthStep.Purpose,
        _ verdict: AuthStep.Verdict,
        _ rule: AuthRule,
        _ found: String,
        request: String? = nil,
        status: Int? = nil,
        _ problem: AuthProblem? = nil,
        advice: String? = nil
    ) {
        flow.trace.add(
            AuthStep(
                purpose,
                verdict,
                rule,
                found,
                request: request,
                status: status,
                problem: problem,
                source: rule == .hostRequirement ? options.host?.source : nil,
                advice: advice
            )
        )
    }

    /// Runs a search at one URL after the other, and returns its steps without recording them.
    func run(_ search: inout MetadataSearch) async -> [(url: HTTPURL, step: AuthStep)] {
        var steps: [(HTTPURL, AuthStep)] = []
        while let url = search.next, !Task.isCancelled {
            let outcome = await flow.send(.metadata(url))
            if let step = search.receive(outcome) { steps.append((url, step)) }
        }
        return steps
    }

    /// Whether the user's host, or any client in a browser, is to be served.
    var host: HostProfile? { options.host }

    func needs(_ requirement: HostProfile.Requirement) -> Bool { host?.requirements.contains(requirement) == true }
}
