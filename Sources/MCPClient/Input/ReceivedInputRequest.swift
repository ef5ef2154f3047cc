public import JSON
public import JSONRPC
public import MCP

/// Something that a server asks of us: of the user, of our model, or for our root directories.
///
/// One shape for both eras: a live request of the legacy one, and a question inside a result of the modern one.
/// Source: "Elicitation", "Sampling" and "Roots", all revisions; 2026-07-28, "Multi round-trip requests".
public struct ReceivedInputRequest: Sendable {
    /// What can be asked for.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The user is asked, by a form or by a page.
        case elicitation
        /// Our model is asked.
        case sampling
        /// Our root directories are asked for.
        case roots

        /// The method by which it is asked.
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

    /// The way the question came, and so the way that its answer goes.
    public enum Way: Sendable, Hashable {
        /// A request of the server, by its id; the legacy era only.
        case request(RequestID)
        /// A question inside the result of a request of ours, by its key; the modern era only.
        case result
        /// A question of a task; the tasks extension only.
        case task(String)
        /// A URL that an error names; 2025-11-25 only.
        case error
    }

    /// What is asked for.
    public let kind: Kind
    /// The way it came.
    public let way: Way
    /// What tells it from others of the same call: the key by which the answer is known, or the request's id as text.
    public let key: String
    /// The parameters as received; an empty object where there are none.
    public let params: JSONText
    /// The request of ours that it belongs to, where that is known.
    public let request: RequestID?
    /// The revision that is spoken.
    public let revision: Revision
    /// How often that call was asked, from 1; questions that come together have the same round.
    public let round: Int
    /// Its place among those that came together, from 0.
    public let index: Int
    /// How many came together.
    public let count: Int

    package init(
        _ kind: Kind,
        way: Way,
        key: String,
        params: JSONText?,
        request: RequestID?,
        revision: Revision,
        round: Int = 1,
        index: Int = 0,
        count: Int = 1
    ) {
        self.kind = kind
        self.way = way
        self.key = key
        self.params = params ?? JSONText([:])
        self.request = request
        self.revision = revision
        self.round = round
        self.index = index
        self.count = count
    }

    /// How the user is asked; nothing for other kinds and for modes that do not exist.
    public var mode: ElicitationMode? {
        guard kind == .elicitation else { return nil }
        guard let mode = params["mode"] else { return .form }
        return mode.string.flatMap(ElicitationMode.init(rawValue:))
    }

    /// What to tell the user, if the user is asked.
    public var message: String? { params["message"]?.string }

    /// Lists how the question breaks the schema of the revision.
    public var problems: [Problem] {
        let object = params.value().object ?? [:]
        return switch kind {
        case .elicitation: ElicitParams(json: object).problems(in: revision)
        case .sampling: CreateMessageParams(json: object).problems(in: revision)
        case .roots: ListRootsParams(json: object).problems(in: revision)
        }
    }
}
