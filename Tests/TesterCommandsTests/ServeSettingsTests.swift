import JSON
import Logging
import Tester
import Testing

@testable import TesterCommands

@Suite struct ServeSettingsTests {
    @Test func withoutSettingsTheDefaultsApply() throws {
        let settings = try ServeSettings(environment: Environment([:]))
        #expect(settings.transport == .stdio)
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 8000)
        #expect(settings.logLevel == .info)
        #expect(settings.warnings.isEmpty)
    }

    @Test func theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() throws {
        let file = "MCP_TEST_TRANSPORT=sse\nMCP_TEST_HOST=file\nMCP_TEST_PORT=1"
        let environment = try Environment(["MCP_TEST_TRANSPORT": "streamable-http", "MCP_TEST_HOST": "real"])
            .reading(.file("settings"), with: { _ in Array(file.utf8) })
        let settings = try ServeSettings(transport: "stdio", environment: environment)
        #expect(settings.transport == .stdio)
        #expect(settings.host == "real")
        #expect(settings.port == 1)
    }

    @Test func anEmptyVariableCountsAsMissing() throws {
        let environment = try Environment(["MCP_TEST_PORT": ""])
            .reading(.file("settings"), with: { _ in Array("MCP_TEST_PORT=99".utf8) })
        #expect(try ServeSettings(environment: environment).port == 99)
    }

    @Test(arguments: ["http", "0", "65536", "80 80"])
    func anInvalidPortInTheEnvironmentIsAWarning(port: String) throws {
        let settings = try ServeSettings(environment: Environment(["MCP_TEST_PORT": port]))
        #expect(settings.port == 8000)
        #expect(settings.warnings == ["MCP_TEST_PORT: \"\(port)\" is not a port from 1 to 65535; using 8000"])
    }

    @Test func anUnknownTransportIsAnErrorThatNamesTheVariable() {
        let failure = #expect(throws: Failure.self) {
            try ServeSettings(environment: Environment(["MCP_TEST_TRANSPORT": "stido"]))
        }
        #expect(failure?.message == "Unknown transport \"stido\" (MCP_TEST_TRANSPORT). Did you mean stdio?")
        #expect(failure?.failureClass == .usage)
    }

    @Test(arguments: [
        ("DEBUG", Logger.Level.debug), ("warning", .warning), ("ERROR", .error), ("CRITICAL", .critical),
    ])
    func theLogLevelIsRead(name: String, level: Logger.Level) throws {
        #expect(try ServeSettings(environment: Environment(["MCP_TEST_LOG_LEVEL": name])).logLevel == level)
    }

    @Test func anUnknownLogLevelIsAWarning() throws {
        let settings = try ServeSettings(environment: Environment(["MCP_TEST_LOG_LEVEL": "LOUD"]))
        #expect(settings.logLevel == .info)
        #expect(settings.warnings.count == 1)
    }

    @Test func anInvalidConnectTimeoutIsAWarning() throws {
        let environment = Environment(["MCP_TEST_CONNECT_TIMEOUT": "soon"])
        #expect(environment.connectTimeout == nil)
        #expect(try ServeSettings(environment: environment).warnings.count == 1)
        #expect(Environment(["MCP_TEST_CONNECT_TIMEOUT": "2.5"]).connectTimeout == .milliseconds(2500))
    }
}

@Suite struct JSONLogHandlerTests {
    @Test func aMessageIsOneLineOfJSONWithItsFields() throws {
        let written = Written()
        let streams = written.streams()
        var logger = Logger(label: "test") { label in
            JSONLogHandler(label: label, level: .info, clock: StoppedClock()) { streams.error($0) }
        }
        logger[metadataKey: "b"] = "x"
        logger.debug("Not shown")
        logger.warning("Two\nlines", metadata: ["a": ["1", "2"], "level": "not mine", "ms": .stringConvertible(1.5)])
        #expect(
            written.error
                == #"{"timestamp":"2026-01-01T00:00:00Z","level":"WARNING","logger":"test","message":"Two\nlines","#
                + #""a":["1","2"],"b":"x","ms":1.5}"# + "\n"
        )
    }
}
