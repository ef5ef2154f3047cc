/// How a server is tested.
public struct TestRequest: Sendable {
    /// The name or the id of the connection (default: the current one).
    public var connection: String?
    /// Whether everything that is safe is used, too: read-only tools, resources, prompts, the other era, the shutdown.
    public var isFull = false
    /// The tools that may be called although they are not declared as read-only.
    public var calls: [String] = []
    /// Arguments that the user gave for tools, prompts and templates.
    package var samples = Samples()
    /// Whether the connection was made for the test: it is closed at the end, and how the server exits is judged.
    public var closesConnection = false
    /// Receives each step when it begins.
    public var onProgress: (@Sendable (TestProgress) -> Void)?

    /// Creates the request of a quick test.
    public init(_ connection: String? = nil) {
        self.connection = connection
    }
}

/// How far a test has come.
public struct TestProgress: Sendable {
    /// The number of steps that are done.
    public var done: Int
    /// The number of all steps; it may grow.
    public var total: Int
    /// The step that begins, such as `tools/call "echo"`.
    public var step: String

    /// Creates a state of progress.
    package init(done: Int, total: Int, step: String) {
        self.done = done
        self.total = total
        self.step = step
    }
}
