/// A fault that the demo server can simulate, to show how a tester reports it.
public enum Fault: String, CaseIterable, Hashable, Sendable {
    // MARK: The process

    /// The process exits before it serves anything.
    case exitAtStart = "exit-at-start"
    /// The process reads nothing for several seconds.
    case slowStart = "slow-start"
    /// The process crashes on a tool call.
    case crashOnCall = "crash-on-call"
    /// The process does not exit when it should.
    case ignoreShutdown = "ignore-shutdown"
    /// The process writes a large amount to standard error.
    case stderrFlood = "stderr-flood"

    // MARK: Missing responses

    /// No message gets a response.
    case silent
    /// Tool calls get no response.
    case neverAnswer = "never-answer"
    /// Methods that older servers do not know are ignored.
    case silentOnUnknownMethods = "silent-on-unknown-methods"
    /// Responses to tool calls are late.
    case slow

    // MARK: Invalid output

    /// Standard output contains lines that are not protocol messages.
    case noiseOnStdout = "noise-on-stdout"
    /// Responses to tool calls are truncated.
    case garbage
    /// Responses to tool calls contain half of a surrogate pair.
    case loneSurrogate = "lone-surrogate"
    /// Responses to tool calls contain invalid UTF-8.
    case invalidUTF8 = "invalid-utf8"
    /// Responses to tool calls are very large.
    case hugeResult = "huge-result"

    // MARK: Protocol violations

    /// The negotiated protocol version does not exist.
    case wrongVersion = "wrong-version"
    /// Responses to tool calls have an unknown ID.
    case wrongID = "wrong-id"
    /// Responses to tool calls have the ID as a string.
    case stringID = "string-id"
    /// Tool calls get two responses.
    case answersTwice = "answers-twice"
    /// Tool calls fail with a JSON-RPC error.
    case internalError = "internal-error"

    // MARK: Invalid tools and lists

    /// One listed tool has an invalid input schema.
    case badSchema = "bad-schema"
    /// One listed entry is not a tool.
    case invalidTool = "invalid-tool"
    /// Structured results break their output schema.
    case badOutput = "bad-output"
    /// The list of tools has endlessly many pages.
    case endlessPages = "endless-pages"
    /// Each page of the list of tools has the same next cursor.
    case loopingCursor = "looping-cursor"
    /// The cursor of the second page is an empty string, which is legal and often overlooked.
    case emptyCursor = "empty-cursor"

    // MARK: Skills

    /// Skills are declared without the capability for resources.
    case skillCapability = "skill-capability"
    /// Results about skills have no caching hints.
    case skillResult = "skill-result"
    /// The last path segment of a skill differs from its name.
    case skillName = "skill-name"
    /// The frontmatter of an entry differs from that of the file.
    case skillFrontmatter = "skill-frontmatter"
    /// An entry lists a file outside of the skill, one file twice, and not the SKILL.md.
    case skillResources = "skill-resources"
    /// A digest does not match its file.
    case skillDigest = "skill-digest"
    /// A size does not match its file.
    case skillSize = "skill-size"
    /// An entry lacks a file of the skill.
    case skillIncomplete = "skill-incomplete"
    /// A skill has more files and bytes than the limits.
    case skillLimits = "skill-limits"
    /// A skill is listed and returned with different entries, and unknown skills are returned, too.
    case skillEntry = "skill-entry"
    /// Directories are listed recursively, and files as directories.
    case skillDirectory = "skill-directory"
    /// A SKILL.md has the wrong MIME type.
    case skillMIMEType = "skill-mime-type"
    /// Two skills have the same name.
    case skillNames = "skill-names"
    /// An entry is on two pages.
    case skillPaging = "skill-paging"

    // MARK: HTTP

    /// Responses to tool calls are an HTML page.
    case httpHTML = "http-html"
    /// Responses to tool calls are empty.
    case httpEmpty = "http-empty"
    /// Tool calls are accepted like notifications.
    case http202 = "http-202"
    /// Tool calls run but get no response.
    case httpSilent = "http-silent"
    /// Responses to tool calls have the wrong content type.
    case wrongContentType = "wrong-content-type"
    /// Streams break off in the middle of the response to a tool call.
    case cutStream = "cut-stream"
    /// Streams stay open after the response to a tool call.
    case noSSEEnd = "no-sse-end"
    /// The announced session does not exist, so all its requests fail.
    case wrongSession = "wrong-session"
    /// The first byte of the response to a tool call is late.
    case slowFirstByte = "slow-first-byte"
    /// Tool calls get status 401.
    case http401 = "http-401"
    /// Tool calls get status 500.
    case http500 = "http-500"
    /// Tool calls are redirected to a login page.
    case httpRedirect = "http-redirect"

    /// Whether the HTTP transport implements the fault.
    ///
    /// It has no effect over other transports.
    public var isHTTPFault: Bool {
        switch self {
        case .httpHTML, .httpEmpty, .http202, .httpSilent, .wrongContentType, .cutStream, .noSSEEnd, .wrongSession,
            .slowFirstByte, .http401, .http500, .httpRedirect:
            true
        default: false
        }
    }

    /// A sentence for the help of the command line.
    public var help: String {
        switch self {
        case .exitAtStart: "Write an error to standard error and exit with code 3 before serving anything."
        case .slowStart: "Read nothing for the first 3 seconds."
        case .crashOnCall: "Crash with a signal when a tool is called."
        case .ignoreShutdown: "Keep running after the end of standard input and after SIGTERM."
        case .stderrFlood: "Write 1 MiB to standard error at start and on each tool call."
        case .silent: "Read everything and respond to nothing."
        case .neverAnswer: "Never respond to a tool call."
        case .silentOnUnknownMethods:
            "Ignore methods that legacy servers do not know, such as server/discover, instead of returning an error."
        case .slow: "Respond to each tool call 5 seconds late."
        case .noiseOnStdout: "Print a banner, and a log line before each response, on standard output."
        case .garbage: "Truncate the response to each tool call in the middle."
        case .loneSurrogate: "Put half of a surrogate pair into the result of each tool call."
        case .invalidUTF8: "Put a byte that is not UTF-8 into the result of each tool call."
        case .hugeResult: "Return 10 MB of text from each tool call."
        case .wrongVersion: "Negotiate a protocol version that does not exist."
        case .wrongID: "Respond to each tool call with an unknown ID."
        case .stringID: "Respond to each tool call with the ID as a string (1 becomes \"1\")."
        case .answersTwice: "Respond to each tool call twice."
        case .internalError: "Respond to each tool call with a JSON-RPC error."
        case .badSchema: "List one more tool, broken_schema, whose input schema is not valid JSON Schema."
        case .invalidTool: "List an entry without a name among the tools."
        case .badOutput: "Return the numbers of structured results as strings, against the output schema."
        case .endlessPages: "Return a new cursor with every page of tools, forever."
        case .loopingCursor: "Return the same cursor with every page of tools, forever."
        case .emptyCursor: "Split the tools into two pages and use \"\" as the cursor of the second."
        case .skillCapability: "Skills: declare them without the capability resources."
        case .skillResult: "Skills: omit ttlMs and cacheScope."
        case .skillName: "Skills: use a last path segment that differs from the name."
        case .skillFrontmatter: "Skills: list frontmatter that differs from the SKILL.md."
        case .skillResources: "Skills: list a file outside of the skill, one file twice, and omit the SKILL.md."
        case .skillDigest: "Skills: list a wrong digest."
        case .skillSize: "Skills: list a wrong size."
        case .skillIncomplete: "Skills: omit a file from the entry."
        case .skillLimits: "Skills: list more than 512 files and 16 MiB."
        case .skillEntry: "Skills: return another entry than listed, and one for an unknown URI."
        case .skillDirectory: "Skills: list directories recursively, and files as directories."
        case .skillMIMEType: "Skills: serve the SKILL.md as text/plain."
        case .skillNames: "Skills: give two skills the same name."
        case .skillPaging: "Skills: list one entry on two pages."
        case .httpHTML: "HTTP: respond to each tool call with status 200 and an HTML page."
        case .httpEmpty: "HTTP: respond to each tool call with status 200 and no body."
        case .http202: "HTTP: respond to each tool call with status 202 and no body, like to a notification."
        case .httpSilent: "HTTP: run each tool call but never respond to its POST."
        case .wrongContentType: "HTTP: declare the JSON response to each tool call as text/plain."
        case .cutStream: "HTTP: close the stream in the middle of the response to each tool call."
        case .noSSEEnd: "HTTP: leave the stream open after the response to each tool call."
        case .wrongSession: "HTTP: announce a session that does not exist, so that its requests get status 404."
        case .slowFirstByte: "HTTP: send the first byte of the response to each tool call 5 seconds late."
        case .http401: "HTTP: respond to each tool call with status 401 and a WWW-Authenticate header."
        case .http500: "HTTP: respond to each tool call with status 500 and a line of text."
        case .httpRedirect: "HTTP: respond to each tool call with status 302 and the URL of a login page."
        }
    }
}
