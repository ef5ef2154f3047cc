import JSON
public import MCPHTTP

/// A request to a resource server, an authorization server or its metadata.
public struct AuthRequest: Sendable, Hashable {
    /// The HTTP method.
    public enum Method: String, Sendable, Hashable {
        /// Reads metadata.
        case get = "GET"
        /// Sends a form or JSON.
        case post = "POST"
        /// Ends a session.
        case delete = "DELETE"
        /// Asks what a browser may send from another origin (CORS).
        case options = "OPTIONS"
    }

    /// The HTTP method.
    public var method: Method
    /// The URL.
    public var url: HTTPURL
    /// Header fields, in order; their values may be secret.
    public var fields: [Field]
    /// The body, which may be secret; empty except for POST.
    public var body: [UInt8]
    /// What is secret in it and known to no one else, such as an assertion: a server may repeat it.
    var secrets: [String] = []

    /// A header field.
    public struct Field: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value.
        public var value: String

        /// Creates a field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A request for metadata.
    public static func metadata(_ url: HTTPURL) -> AuthRequest {
        AuthRequest(method: .get, url: url, fields: [Field("Accept", "application/json")], body: [])
    }

    /// A form, as every endpoint of OAuth takes it.
    static func form(_ parameters: FormParameters, to url: HTTPURL, fields: [Field] = []) -> AuthRequest {
        let own = [
            Field("Content-Type", "application/x-www-form-urlencoded"), Field("Accept", "application/json"),
        ]
        return AuthRequest(method: .post, url: url, fields: own + fields, body: Array(parameters.text.utf8))
    }

    /// JSON, as the registration endpoint takes it.
    static func json(_ object: JSONObject, to url: HTTPURL) -> AuthRequest {
        let own = [Field("Content-Type", "application/json"), Field("Accept", "application/json")]
        return AuthRequest(method: .post, url: url, fields: own, body: Array(JSONValue.object(object).description.utf8))
    }
}

/// A response, whatever its status.
public struct AuthResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The header fields, in order.
    public var fields: [AuthRequest.Field]
    /// The body, within ``AuthLimits/responseBytes``.
    public var body: [UInt8]

    /// Creates a response.
    public init(status: Int, fields: [AuthRequest.Field] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The values of a header field; case is ignored.
    public func values(of name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The media type in lowercase, without parameters.
    var mediaType: String? {
        values(of: "Content-Type").first.map { value in
            String(value.prefix { $0 != ";" }).trimmed.lowercased()
        }
    }
}

/// Why a request got no response.
public struct AuthHTTPFailure: Error, Sendable, Hashable {
    /// What happened, as a clause that starts in lower case, without secrets.
    public var message: String
    /// What to do; nil if there is nothing in particular.
    public var advice: String?
    /// Whether the request was not sent because ``AddressPolicy`` forbids the URL.
    public var isRefusedAddress: Bool
    /// Whether there is no server at the origin, so that its other URLs need not be tried.
    var isNoServer = false

    /// Creates a failure.
    public init(_ message: String, advice: String? = nil, isRefusedAddress: Bool = false) {
        self.message = message
        self.advice = advice
        self.isRefusedAddress = isRefusedAddress
    }
}

/// Sends one request and returns its response.
///
/// It follows no redirects, and bounds time and size. Tests replace it.
public typealias AuthHTTP = @Sendable (AuthRequest) async throws(AuthHTTPFailure) -> AuthResponse

/// Bounds on the exchanges with an authorization server.
public struct AuthLimits: Sendable, Hashable {
    /// The largest response, in bytes.
    public var responseBytes = 1 << 20
    /// The timeout of one exchange.
    public var exchange: Duration = .seconds(15)
    /// The number of redirects of one metadata request that are followed.
    public var redirects = 3
    /// The number of authorization servers of one resource that are tried.
    public var authorizationServers = 5
    /// The number of authorizations that one operation may cause, the first included.
    public var authorizations = 3
    /// How long the user has to agree.
    public var consent: Duration = .seconds(300)

    /// Creates the default limits.
    public init() {}
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    var trimmed: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let start = drop(while: isBlank)
        return String(start.reversed().drop(while: isBlank).reversed())
    }
}
