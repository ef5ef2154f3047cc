import JSONSchema
import Logging
import Tester
import TesterServer
import TextUtilities

/// How to serve: from the command line, then the environment, then the defaults.
struct ServeSettings: Sendable, Equatable {
    enum Transport: String, CaseIterable {
        case stdio
        case streamableHTTP = "streamable-http"
        case sse
    }

    var transport: Transport
    var host: String
    var port: Int
    var logLevel: Logger.Level
    /// How much the tools show.
    var view: ReportView
    /// The tools that are offered.
    var tools: ToolSet
    /// Where metrics are served; nil if they are not.
    var metrics: MetricsAddress?
    /// Settings that were ignored, and what is used instead.
    var warnings: [String]

    /// - Throws: ``Failure`` for an unknown transport. An invalid number in the environment only warns.
    init(
        transport: String? = nil,
        host: String? = nil,
        port: Int? = nil,
        tools: ToolSet? = nil,
        metrics: MetricsOptions? = nil,
        environment: Environment
    ) throws(Failure) {
        var warnings = environment.problems + environment.ignoredVariables()
        self.transport = try Self.transport(transport ?? environment[.transport], isOption: transport != nil)
        self.host = host ?? environment[.host] ?? "127.0.0.1"
        self.port = port ?? Self.port(environment, &warnings)
        logLevel = Self.logLevel(environment[.logLevel], &warnings)
        view = Self.view(environment, &warnings)
        self.metrics = try metrics?.address(default: Self.metricsPort(environment, &warnings))
        self.tools = tools ?? Self.choice(.tools, environment, &warnings) ?? .default
        if let text = environment[.connectTimeout], environment.connectTimeout == nil {
            warnings.append("MCP_TEST_CONNECT_TIMEOUT: \"\(text)\" is not a number of seconds above 0; using 30")
        }
        self.warnings = warnings
        guard let address = self.metrics, self.transport != .stdio, address.port != 0 else { return }
        if address == MetricsAddress(host: self.host, port: self.port) {
            throw .usage(
                "The tools and the metrics cannot be served on the same port, \(address.port).",
                nextStep: "Give another --metrics-port (0 selects a free one)."
            )
        }
    }

    static func isPort(_ number: Int) -> Bool {
        (1...65535).contains(number)
    }

    private static func transport(_ text: String?, isOption: Bool) throws(Failure) -> Transport {
        guard let text else { return .stdio }
        if let transport = Transport(rawValue: text) { return transport }
        let names = Transport.allCases.map(\.rawValue)
        let close = nearest(text, among: names).map { " Did you mean \($0)?" } ?? ""
        throw .usage(
            "Unknown transport \"\(text)\" (\(isOption ? "--transport" : "MCP_TEST_TRANSPORT")).\(close)",
            nextStep: "Give one of: \(names.joined(separator: ", "))."
        )
    }

    private static func port(_ environment: Environment, _ warnings: inout [String]) -> Int {
        port(.port, environment, &warnings, otherwise: "using 8000") ?? 8000
    }

    private static func metricsPort(_ environment: Environment, _ warnings: inout [String]) -> Int? {
        port(.metricsPort, environment, &warnings, otherwise: "metrics are not served")
    }

    /// A port; an invalid one warns.
    private static func port(
        _ variable: Environment.Variable,
        _ environment: Environment,
        _ warnings: inout [String],
        otherwise consequence: String
    ) -> Int? {
        guard let text = environment[variable] else { return nil }
        if let port = Int(text), isPort(port) { return port }
        warnings.append("\(variable.rawValue): \"\(text)\" is not a port from 1 to 65535; \(consequence)")
        return nil
    }

    private static func view(_ environment: Environment, _ warnings: inout [String]) -> ReportView {
        var view = ReportView()
        switch environment[.verbose]?.lowercased() {
        case nil: break
        case "true", "1", "yes", "on": view.isVerbose = true
        case "false", "0", "no", "off": view.isVerbose = false
        case let text?: warnings.append("MCP_TEST_VERBOSE: \"\(text)\" is not true or false; ignored")
        }
        view.structure = choice(.structured, environment, &warnings) ?? .automatic
        return view
    }

    /// One of several values; an unknown one warns.
    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ variable: Environment.Variable,
        _ environment: Environment,
        _ warnings: inout [String]
    ) -> Choice? where Choice.RawValue == String {
        guard let text = environment[variable] else { return nil }
        if let choice = Choice(rawValue: text.lowercased()) { return choice }
        let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        warnings.append("\(variable.rawValue): \"\(text)\" is not one of \(names); ignored")
        return nil
    }

    private static func logLevel(_ text: String?, _ warnings: inout [String]) -> Logger.Level {
        switch text?.uppercased() {
        case nil, "INFO": return .info
        case "DEBUG": return .debug
        case "WARNING": return .warning
        case "ERROR": return .error
        case "CRITICAL": return .critical
        default:
            let choices = "DEBUG, INFO, WARNING, ERROR, CRITICAL"
            warnings.append("MCP_TEST_LOG_LEVEL: \"\(text ?? "")\" is not one of \(choices); using INFO")
            return .info
        }
    }
}
