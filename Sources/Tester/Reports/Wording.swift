import JSON

/// How the sentences of a report refer to what their reader has.
///
/// The engine writes them for an assistant with all tools; other readers get the words of their face.
public enum Wording: Sendable, Hashable, CaseIterable {
    /// All tools, and the keys of the report.
    case tools
    /// The tools of the first mcp-test-mcp, and the keys of the report.
    case coreTools
    /// The tools for authorization, besides those of another wording.
    case authTools
    /// The commands of a shell, and a page with the evidence before the next step.
    case shell
    /// Likewise, but the connection ends with the command.
    case command
    /// The file of a suite, which an assistant runs.
    case suiteTools
    /// Likewise at a terminal.
    case suiteCommand

    /// A sentence in the words of the reader.
    public func apply(_ sentence: String) -> String {
        phrases.reduce(sentence) { sentence, phrase in
            sentence.contains(phrase.tools) ? sentence.replacing(phrase.tools, with: phrase.others) : sentence
        }
    }

    private typealias Phrase = (tools: String, others: String)

    private var phrases: [Phrase] {
        switch self {
        case .tools: []
        case .coreTools: Self.corePhrases
        case .authTools: Self.authPhrases
        case .shell: Self.shellPhrases + Self.pagePhrases
        case .command: Self.commandPhrases + Self.pagePhrases
        case .suiteTools: Self.suitePhrases
        case .suiteCommand: Self.suitePhrases + Self.commandPhrases + Self.pagePhrases
        }
    }

    private static let corePhrases: [Phrase] = [
        ("then restart_server with repeat_last calls it again", "then connect_to_server starts the new code"),
        ("Call restart_server:", "Call connect_to_server again:"),
        ("restart_server", "connect_to_server"),
        ("answer with respond", "to answer, start mcp-test-mcp with --tools default, which has respond"),
        ("read_result with handle @", "The resource result://"),
    ]

    private static let suitePhrases: [Phrase] = [
        ("standard error in evidence.server", "standard error below"),
        (", fix its start, and connect again", ", and fix its start"),
        (", and connect again", ""),
        (
            "Give a token: auth in connect_to_server, --auth-token @FILE on the command line, or MCP_TEST_AUTH_TOKEN.",
            "Give a token: `headers: {Authorization: \"Bearer ${TOKEN}\"}` of the server in the suite, or MCP_TEST_AUTH_TOKEN."
        ),
        (
            "`timeout` of connect_to_server, --connect-timeout on the command line",
            "`connect_timeout` of the server in the suite"
        ),
    ]

    private static let authPhrases: [Phrase] = [("run mcp-test-mcp auth doctor ", "call diagnose_auth for ")]

    private static let shellPhrases: [Phrase] = [
        ("restart_server with repeat_last", "`restart --repeat-last`"),
        ("Call restart_server:", "Run `restart`:"),
        ("restart_server", "`restart`"),
    ]

    private static let commandPhrases: [Phrase] = [
        ("Fix what the failures name.", "Fix what the failures name, or accept it: --baseline FILE --update."),
        ("; then restart_server with repeat_last calls it again", ", and run the command again"),
        (" restart_server starts the server again.", ""),
        ("; restart_server starts it again", ""),
        ("; restart_server tries again", ""),
        ("and start it again with restart_server", "and run the command again"),
        ("Start it again with restart_server", "Run the command again"),
        ("Call restart_server: it runs the new code", "Run the command again"),
    ]

    private static let pagePhrases: [Phrase] = [
        ("the full result in target_result", "the result above"),
        ("inputRequests in target_result", "inputRequests in the result above"),
        ("error in target_error", "error above"),
        ("standard error in evidence.server", "standard error above"),
        ("the last request of evidence.last_frames", "the last message sent above"),
        ("the last frame of evidence.last_frames", "the last message above"),
        ("is in evidence.exchange", "is above"),
        ("the steps in evidence.authorization", "the steps above"),
        ("Call connect_to_server first, with", "Connect first, with"),
        ("Log in: call connect_to_server again, or run ", "Log in: "),
        ("call connect_to_server again", "connect again"),
        (" with connect_to_server", ""),
        ("auth in connect_to_server, --auth-token @FILE on the command line,", "--auth-token @FILE"),
        ("inspect_raw without arguments lists them", "`events` lists them"),
        ("quick_test: false (--full)", "--full"),
        ("give them as `examples` in its schema", "give them with --samples FILE or as `examples` in its schema"),
        ("call (--call NAME)", "--call NAME"),
        ("describe_tool shows", "`describe` shows"),
        ("list_tools shows", "`list --tools` shows"),
        ("list_resources shows", "`list --resources` shows"),
        ("list_prompts shows", "`list --prompts` shows"),
        ("with inspect_raw", "with `raw`"),
        ("inspect_raw sends", "`raw` sends"),
        ("To call the tool anyway, set force.", "To call the tool anyway, add --force."),
        ("`protocol: legacy`", "`--protocol legacy`"),
        ("an input_policy for it other than", "a --policy for it other than"),
        ("`timeout` of connect_to_server, --connect-timeout on the command line", "--connect-timeout"),
        ("--ca FILE (ca_file)", "--ca FILE"),
        ("--insecure (insecure)", "--insecure"),
        ("the path of `config`", "the path given with --config"),
        ("or `config`: the path of a file with servers", "or --config with the path of a file with servers"),
        ("in llm_config", "in --llm-config"),
        ("Omit `headers`", "Omit --header"),
        ("`headers` was ignored", "--header was ignored"),
        (
            "Use the tool `task` with this taskId to wait for it or to cancel it.",
            "Without --task handle, the call waits for its result."
        ),
    ]
}

extension Report {
    /// Puts the sentences of the tester into the words of a reader; what the target said stays as it is.
    public mutating func reword(_ wording: Wording) {
        if case .tools = wording { return }
        summary = wording.apply(summary)
        nextStep = nextStep.map(wording.apply)
        for index in members.indices where members[index].key == "message" {
            guard case .value(let value) = members[index].value, let message = value.string else { continue }
            members[index].value = .value(.string(wording.apply(message)))
        }
        for index in members.indices where members[index].key == "not_exercised" {
            guard case .value(.array(let omissions)) = members[index].value else { continue }
            members[index].value = .value(
                .array(
                    omissions.map { omission in
                        var object = omission.object ?? [:]
                        object["why"] = object["why"]?.string.map { .string(wording.apply($0)) }
                        return .object(object)
                    }
                )
            )
        }
        failure?.reword(wording)
        for index in findings.indices {
            findings[index].message = wording.apply(findings[index].message)
            findings[index].nextStep = findings[index].nextStep.map(wording.apply)
        }
    }
}

extension Failure {
    /// Likewise for a failure without a report.
    public mutating func reword(_ wording: Wording) {
        message = wording.apply(message)
        nextStep = wording.apply(nextStep)
    }
}
