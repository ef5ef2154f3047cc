import MCPHTTPClient
import MCPHTTPServer
import MCPTransport
import Tester
import Testing

@testable import TesterCommands

/// Which variables are accepted from which source.
@Suite struct EnvironmentTests {
    private static let everything = Environment.Variable.allCases.map { "\($0.rawValue)=file" }.joined(separator: "\n")
    private static let models: [Environment.Variable] = [.modelURL, .modelName, .modelKey]

    private func environment(
        _ process: [String: String] = [:],
        _ source: Environment.Source = .workingDirectory,
        content: String = everything
    ) throws(Failure) -> Environment {
        try Environment(process).reading(source) { _ in Array(content.utf8) }
    }

    @Test func dotEnvGivesOnlyWhatCannotWidenAccess() throws {
        let environment = try environment()
        let accepted = Environment.Variable.allCases.filter { environment[$0] != nil }
        #expect(accepted == [.logLevel, .verbose, .structured, .tools, .connectTimeout] + Self.models)
    }

    @Test func eachIgnoredVariableOfDotEnvIsAWarning() throws {
        let warnings = try environment().ignoredVariables()
        let names = [
            "MCP_TEST_TRANSPORT", "MCP_TEST_HOST", "MCP_TEST_PORT", "MCP_TEST_METRICS_PORT", "MCP_TEST_DEBUG",
            "MCP_TEST_COMPLETION",
            "MCP_TEST_AUTH_TOKEN", "MCP_TEST_AUTH_STORE", "MCP_TEST_SERVER_TOKEN",
        ]
        #expect(warnings.count == names.count)
        for (name, warning) in zip(names, warnings) {
            #expect(warning.hasPrefix("Ignored \(name) in .env"))
            #expect(warning.hasSuffix("pass --env-file .env"))
        }
    }

    @Test func aVariableThatTheEnvironmentSetsIsNotWarnedOf() throws {
        let environment = try environment(["MCP_TEST_HOST": "process"])
        #expect(environment[.host] == "process")
        #expect(!environment.ignoredVariables().contains { $0.contains("MCP_TEST_HOST") })
    }

    @Test func aNamedFileGivesEverything() throws {
        let environment = try environment([:], .file("settings"))
        for variable in Environment.Variable.allCases { #expect(environment[variable] == "file") }
        #expect(environment.ignoredVariables().isEmpty)
    }

    @Test(arguments: models)
    func theModelOfDotEnvIsNeverMixedWithThatOfTheEnvironment(_ variable: Environment.Variable) throws {
        let environment = try environment([variable.rawValue: "process"])
        for other in Self.models { #expect(environment[other] == (other == variable ? "process" : nil)) }
        let model = environment.model
        #expect([model.url, model.name, model.key].compactMap(\.self) == ["process"])
        let warnings = environment.ignoredVariables(Self.models)
        #expect(warnings.count == 2)
        #expect(warnings.allSatisfy { $0.contains("\(variable.rawValue) is set in the environment") }, "\(warnings)")
    }

    @Test func anEmptyVariableOfTheModelDoesNotCount() throws {
        #expect(try environment(["LLM_API_KEY": ""])[.modelURL] == "file")
    }

    @Test func otherVariablesAreReadFromANamedFileButNotFromDotEnv() throws {
        let content = "HTTPS_PROXY=http://p:1\nTOKEN=t"
        let implicit = try environment(content: content)
        #expect(implicit.value(of: "TOKEN") == nil && implicit.value(of: "HTTPS_PROXY") == nil)
        #expect(implicit.model.proxy == .reading { _ in nil })
        #expect(implicit.adviceToSet("TOKEN").contains("--env-file .env"))
        let named = try environment([:], .file("settings"), content: content)
        #expect(named.value(of: "TOKEN") == "t")
        #expect(named.model.proxy != .reading { _ in nil })
    }

    @Test func aMissingFileOrADirectoryCalledDotEnvIsIgnored() throws {
        for problem in [SettingsFile.Problem.missing, .directory] {
            let environment = try Environment([:]).reading(.workingDirectory) { (_) throws(SettingsFile.Problem) in
                throw problem
            }
            #expect(environment.problems.isEmpty)
        }
    }

    @Test func aDotEnvThatCannotBeReadIsAWarning() throws {
        let environment = try Environment([:]).reading(.workingDirectory) { (_) throws(SettingsFile.Problem) in
            throw .notRegular
        }
        #expect(environment.problems == ["Ignored .env: it is not a regular file"])
    }

    @Test func aNamedFileThatCannotBeReadIsAnError() {
        let failure = #expect(throws: Failure.self) {
            try Environment([:]).reading(.file("none")) { (_) throws(SettingsFile.Problem) in throw .missing }
        }
        #expect(failure?.message == "Could not read --env-file none: the file does not exist.")
        #expect(failure?.failureClass == .usage)
    }

    // MARK: - Commands

    private static let planted = """
        MCP_TEST_TRANSPORT=streamable-http
        MCP_TEST_HOST=0.0.0.0
        MCP_TEST_SERVER_TOKEN=planted
        """

    @Test func aPlantedDotEnvDoesNotOpenAPort() async throws {
        let (written, served) = (Written(), Served())
        // Over HTTP, so that only the address and the token are in question.
        let context = try CommandContext.scripted(written, files: [".env": Self.planted], served: served)
        #expect(try await run(["-t", "streamable-http"], in: context) == .passed)
        let options = try #require(served.all.first)
        #expect(options.host == "127.0.0.1" && options.authentication == nil)
        for name in ["MCP_TEST_TRANSPORT", "MCP_TEST_HOST", "MCP_TEST_SERVER_TOKEN"] {
            #expect(written.error.contains("Ignored \(name) in .env"))
        }
        #expect(!written.error.contains("planted"))
    }

    @Test func aPlantedDotEnvDoesNotChooseTheTransport() async throws {
        let context = try CommandContext.scripted(Written(), files: [".env": Self.planted])
        guard case .run(let command, _) = Invocation([]) else { throw Failure.usage("refused", nextStep: "") }
        #expect(try !command.stopsGracefully(in: context.readingSettings(command.settingsSource)))
    }

    @Test func aFileNamedOnTheCommandLineIsFollowed() async throws {
        let served = Served()
        let context = try CommandContext.scripted(Written(), files: ["my.env": Self.planted], served: served)
        #expect(try await run(["serve", "--env-file", "my.env"], in: context) == .passed)
        let options = try #require(served.all.first)
        #expect(options.host == "0.0.0.0")
        #expect(options.authentication?.principal(of: "planted") == .subject("token"))
    }

    @Test(arguments: [["serve"], ["list", "demo"]])
    func aNamedFileThatDoesNotExistIsRefused(_ command: [String]) async throws {
        let written = Written()
        #expect(try await run(command + ["--env-file", "none"], in: .scripted(written)) == .misused)
        #expect(written.error.hasPrefix("Error: Could not read --env-file none: the file does not exist."))
    }

    @Test func aTargetCommandWarnsOfWhatItWouldHaveUsed() async throws {
        let content = "\(Self.planted)\nMCP_TEST_AUTH_TOKEN=planted\nLLM_URL=http://evil.example\n"
        let (written, context) = (Written(), ["LLM_API_KEY": "mine"])
        let files = [".env": content]
        let scripted = try CommandContext.scripted(written, variables: context, files: files)
        #expect(try await run(["call", "demo", "echo", "message=x"], in: scripted) == .passed)
        #expect(written.error.split(separator: "\n").count == 1, "\(written.error)")
        #expect(written.error.hasPrefix("Warning: Ignored MCP_TEST_AUTH_TOKEN in .env"))
        let sampling = ["call", "demo", "echo", "message=x", "--policy", "sampling=llm"]
        #expect(try await run(sampling, in: scripted) == .misused)
        #expect(written.error.contains("Warning: Ignored LLM_URL in .env: LLM_API_KEY is set in the environment"))
    }
}
