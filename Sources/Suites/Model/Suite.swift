package import JSON
package import MCPClient
package import MCPHTTPClient

/// One file of cases.
package struct Suite: Sendable {
    /// The path as the user gave it.
    package let path: String
    package var name: String
    package var servers: [ServerDefinition] = []
    package var cases: [SuiteCase] = []
    /// The values that must not appear in any output.
    package var secrets: [String] = []

    /// Whether any step compares its result with a snapshot.
    package var usesSnapshots: Bool {
        cases.contains { ($0.setup + $0.steps + $0.teardown).contains { $0.expect.snapshot != nil } }
    }
}

/// A server that cases are run against.
package struct ServerDefinition: Sendable {
    /// How it is reached.
    package enum Way: Sendable {
        case command([String])
        /// A URL, a file, `demo`, or a command line.
        case target(String)
    }

    package var name: String
    package var place: SourcePlace
    package var way: Way
    package var environment: [String: String] = [:]
    package var headers: [HTTPField] = []
    package var workingDirectory: String?
    package var era: EraChoice?
    package var transport: HTTPEndpoint.TransportChoice = .auto
    /// How long connecting may take (default: 30 s).
    package var connectTimeout: Duration?
    /// How many processes of it run behind one connection, to show whether it keeps state.
    package var instances = 1
}

/// What runs in one connection and has one outcome.
package struct SuiteCase: Sendable {
    package var name: String
    package var file: String
    package var place: SourcePlace
    /// Its position among the selected cases of all shards, from 0.
    package var number = 0
    package var tags: [String] = []
    package var server: ServerDefinition
    package var client = ClientDefinition()
    package var isolation = Isolation.perCase
    package var setup: [Step] = []
    package var steps: [Step] = []
    package var teardown: [Step] = []
    package var timeout = Self.defaultTimeout
    /// How often it is run again after a failure.
    package var retries = 0
    /// How often it is run in any case.
    package var repeats = 1
    /// Why it does not run.
    package var skip: String?
    /// Why it is expected to fail.
    package var expectedFailure: String?
    /// The cell of the matrix that it runs in, such as `legacy` or `http, modern`; nil without a matrix.
    package var cell: String?

    package static let defaultTimeout = Duration.seconds(60)

    /// What names it on the command line and in reports.
    package var id: String { "\(file)::\(title)" }

    /// The name with the cell.
    package var title: String { cell.map { "\(name) [\($0)]" } ?? name }

    /// Whether a case gets a connection of its own.
    package enum Isolation: String, Sendable, CaseIterable {
        case perCase = "case"
        /// The cases of a file share one connection per server, and run one after the other.
        case perFile = "file"
    }
}

/// What the client of a case declares and answers.
package struct ClientDefinition: Sendable {
    /// An answer to an input request, in the order in which they are tried.
    package struct Answer: Sendable {
        var place: SourcePlace
        /// The answer as the command line takes it, with `match`.
        var answer: JSONObject
        /// Whether the case passes without its use.
        var isOptional: Bool
        /// What the parameters of the request must be.
        var request: [PathExpectation]
    }

    package var answers: [Answer] = []
    /// The root directories.
    package var roots: [JSONObject]?
    /// The kinds of input requests that are not declared.
    package var undeclared: Set<ReceivedInputRequest.Kind> = []

    var isDefault: Bool { answers.isEmpty && roots == nil && undeclared.isEmpty }
}
