public import JSON
public import JSONRPC
public import MCP

/// An input request of a server: for the user, for the client's model, or for its root directories.
///
/// One shape for both eras: a request of the server in the legacy era, an entry of a result in the modern one.
/// Source: "Elicitation", "Sampling" and "Roots", all revisions; 2026-07-28, "Multi round-trip requests".
public struct ReceivedInputRequest: Sendable {
    /// The kinds of input requests.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Input from the user, by a form or by a web page.
        case elicitation
        /// A message from the client's model.
        case sampling
        /// The client's root directories.
        case roots

        /// The method of such a request.
        public var method: Method {
            switch self {
            case .elicitation: .elicitationCreate
            case .sampling: .samplingCreateMessage
            case .roots: .rootsList
            }
        }

        init?(_ method: Method) {
            guard let kind = Self.allCases.first(where: { $0.method == method }) else { return nil }
            self = kind
        }
    }

    /// How an input request came, which is also how its response is sent.
    public enum Origin: Sendable, Hashable {
        /// As a request of the server with this id; the legacy era only.
        case request(RequestID)
        /// Inside the result of a request of the client; the modern era only.
        case result
        /// From the task with this id; the tasks extension only.
        case task(String)
        /// As a URL in an error; 2025-11-25 only.
        case error
    }

    /// The kind.
    public let kind: Kind
    /// How it came.
    public let origin: Origin
    /// Its key, which is unique within a call: that of its entry, or the id of the request as text.
    public let key: String
    /// The parameters as received; an empty object if there are none.
    public let params: JSONText
    /// The client's request that it belongs to, if that is known.
    public let request: RequestID?
    /// The revision of the connection.
    public let revision: Revision
    /// How often the server requested input in that call, from 1.
    ///
    /// Requests that come together share a round.
    public let round: Int
    /// Its index among the requests that came together, from 0.
    public let index: Int
    /// How many came together.
    public let count: Int

    package init(
        _ kind: Kind,
        origin: Origin,
        key: String,
        params: JSONText?,
        request: RequestID?,
        revision: Revision,
        round: Int = 1,
        index: Int = 0,
        count: Int = 1
    ) {
        self.kind = kind
        self.origin = origin
        self.key = key
        self.params = params ?? JSONText([:])
        self.request = request
        self.revision = revision
        self.round = round
        self.index = index
        self.count = count
    }

    /// The mode of elicitation; nil for other kinds and for unknown modes.
    public var mode: ElicitationMode? {
        guard kind == .elicitation else { return nil }
        guard let mode = params["mode"] else { return .form }
        return mode.string.flatMap(ElicitationMode.init(rawValue:))
    }

    /// The message to show to the user, if there is one.
    public var message: String? { params["message"]?.string }

    /// How the request breaks the schema of the revision.
    public var problems: [Problem] {
        let object = params.value().object ?? [:]
        return switch kind {
        case .elicitation: ElicitParams(json: object).problems(in: revision)
        case .sampling: CreateMessageParams(json: object).problems(in: revision)
        case .roots: ListRootsParams(json: object).problems(in: revision)
        }
    }
}
