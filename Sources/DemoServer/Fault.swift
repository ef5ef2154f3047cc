/// A way to misbehave that the demo server can be switched to, so that one can see what a tester makes of it.
public enum Fault: String, CaseIterable, Hashable, Sendable {
    // MARK: The process

    /// The process ends before it serves anything.
    case exitAtStart = "exit-at-start"
    /// The process needs seconds before it reads anything.
    case slowStart = "slow-start"
    /// The process dies of a tool call.
    case crashOnCall = "crash-on-call"
    /// The process does not end when it should.
    case ignoreShutdown = "ignore-shutdown"
    /// Very much is written to standard error.
    case stderrFlood = "stderr-flood"

    // MARK: What is not answered

    /// Nothing is ever answered.
    case silent
    /// Tool calls are never answered.
    case neverAnswer = "never-answer"
    /// Methods that older servers do not know are ignored.
    case silentOnUnknownMethods = "silent-on-unknown-methods"
    /// Tool calls are answered late.
    case slow

    // MARK: What is no protocol

    /// Lines that are no protocol stand on standard output.
    case noiseOnStdout = "noise-on-stdout"
    /// Answers to tool calls break off in the middle.
    case garbage
    /// Half a character stands in the answer to a tool call.
    case loneSurrogate = "lone-surrogate"
    /// Bytes that are not UTF-8 stand in the answer to a tool call.
    case invalidUTF8 = "invalid-utf8"
    /// The answer to a tool call is very large.
    case hugeResult = "huge-result"

    // MARK: What breaks the protocol

    /// A version is agreed upon that does not exist.
    case wrongVersion = "wrong-version"
    /// Answers to tool calls have the id of no request.
    case wrongID = "wrong-id"
    /// Answers to tool calls have their id as a string.
    case stringID = "string-id"
    /// Tool calls are answered twice.
    case answersTwice = "answers-twice"
    /// Tool calls are answered with an error of the protocol.
    case internalError = "internal-error"

    // MARK: What breaks the description of the tools

    /// One tool among the good ones has an input schema that is none.
    case badSchema = "bad-schema"
    /// One entry among the good ones is no tool.
    case invalidTool = "invalid-tool"
    /// Structured results break their output schema.
    case badOutput = "bad-output"
    /// The list of tools never ends.
    case endlessPages = "endless-pages"
    /// Each page of the list of tools leads to the same next one.
    case loopingCursor = "looping-cursor"
    /// The cursor of the second page is an empty string, which is legal and often overlooked.
    case emptyCursor = "empty-cursor"

    // MARK: What breaks HTTP

    /// Tool calls are answered with a page for people.
    case httpHTML = "http-html"
    /// Tool calls are answered with nothing.
    case httpEmpty = "http-empty"
    /// Tool calls are taken as if they were notifications.
    case http202 = "http-202"
    /// Tool calls are carried out and not answered.
    case httpSilent = "http-silent"
    /// Tool calls are answered as text that is called plain.
    case wrongContentType = "wrong-content-type"
    /// Streams break off in the middle of the event that answers a tool call.
    case cutStream = "cut-stream"
    /// Streams stay open after the event that answers a tool call.
    case noSSEEnd = "no-sse-end"
    /// A session is named that does not exist, so that each request of it is told so.
    case wrongSession = "wrong-session"
    /// The first byte of each answer to a tool call is late.
    case slowFirstByte = "slow-first-byte"
    /// Tool calls are answered with status 401.
    case http401 = "http-401"
    /// Tool calls are answered with status 500.
    case http500 = "http-500"
    /// Tool calls are sent elsewhere, to a page for logging in.
    case httpRedirect = "http-redirect"

    /// Whether it is the transport that misbehaves: over any but HTTP nothing comes of it.
    public var isOfHTTP: Bool {
        switch self {
        case .httpHTML, .httpEmpty, .http202, .httpSilent, .wrongContentType, .cutStream, .noSSEEnd, .wrongSession,
            .slowFirstByte, .http401, .http500, .httpRedirect:
            true
        default: false
        }
    }

    /// One sentence for the help of the command line.
    public var help: String {
        switch self {
        case .exitAtStart: "Writes an error to standard error and exits with code 3 before serving anything."
        case .slowStart: "Reads nothing for the first 3 seconds."
        case .crashOnCall: "Dies by a signal when a tool is called."
        case .ignoreShutdown: "Goes on after the end of its input and after SIGTERM."
        case .stderrFlood: "Writes 1 MiB to standard error at the start and at each tool call."
        case .silent: "Reads everything and answers nothing."
        case .neverAnswer: "Never answers a tool call."
        case .silentOnUnknownMethods:
            "Ignores what servers of the handshake era do not know, such as server/discover, instead of answering an error."
        case .slow: "Answers each tool call 5 seconds late."
        case .noiseOnStdout: "Prints a banner and a log line before each answer on standard output."
        case .garbage: "Breaks the answer to each tool call off in the middle."
        case .loneSurrogate: "Answers each tool call with half of a surrogate pair in the text."
        case .invalidUTF8: "Answers each tool call with a byte in the text that is not UTF-8."
        case .hugeResult: "Answers each tool call with 10 MB of text."
        case .wrongVersion: "Agrees upon a protocol version that does not exist."
        case .wrongID: "Answers each tool call with an id that no request has."
        case .stringID: "Answers each tool call with the id as a string (1 becomes \"1\")."
        case .answersTwice: "Answers each tool call twice."
        case .internalError: "Answers each tool call with a JSON-RPC error."
        case .badSchema: "Lists one more tool, broken_schema, whose input schema is not valid JSON Schema."
        case .invalidTool: "Lists an entry without a name among the good tools."
        case .badOutput: "Gives numbers in structured results as strings, against the output schema."
        case .endlessPages: "Gives a new cursor with every page of the tools, forever."
        case .loopingCursor: "Gives the same cursor with every page of the tools, forever."
        case .emptyCursor: "Splits the tools over two pages and gives \"\" as the cursor of the second."
        case .httpHTML: "HTTP: answers each tool call with status 200 and an HTML page."
        case .httpEmpty: "HTTP: answers each tool call with status 200 and no body."
        case .http202: "HTTP: answers each tool call with status 202 and no body, as if it were a notification."
        case .httpSilent: "HTTP: takes each tool call and never answers its POST."
        case .wrongContentType: "HTTP: answers each tool call with JSON that is declared as text/plain."
        case .cutStream: "HTTP: closes the stream in the middle of the event that answers a tool call."
        case .noSSEEnd: "HTTP: leaves the stream open after the event that answers a tool call."
        case .wrongSession: "HTTP: names a session that does not exist, so that each later request of it gets 404."
        case .slowFirstByte: "HTTP: sends the first byte of each answer to a tool call 5 seconds late."
        case .http401: "HTTP: answers each tool call with status 401 and a WWW-Authenticate header."
        case .http500: "HTTP: answers each tool call with status 500 and a line of text."
        case .httpRedirect: "HTTP: answers each tool call with status 302 and the address of a login page."
        }
    }
}
