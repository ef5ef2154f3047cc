import JSON
import MCP
import Platform

/// What the suite requests: the server is the last argument, everything else is in environment variables.
struct Assignment: Sendable {
    /// The URL of the scenario's server.
    let url: String
    /// The scenario to run.
    let scenario: Scenario
    /// The revision that the suite tests.
    let revision: Revision
    /// Additional data of the scenario.
    let context: JSONValue

    /// The arguments or variables are wrong.
    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads the arguments and variables of this process.
    ///
    /// - Throws: ``Misuse``, or `JSONError` if the context is not JSON.
    static func current() throws -> Assignment {
        guard CommandLine.arguments.count > 1, let url = CommandLine.arguments.last else {
            throw Misuse(description: "usage: MCP_CONFORMANCE_SCENARIO=SCENARIO conformance-client URL")
        }
        let name = try variable("MCP_CONFORMANCE_SCENARIO")
        guard let scenario = Scenario.all[name] ?? Scenario.authorization[name] else {
            let known = (Scenario.all.keys.sorted() + Scenario.authorization.keys.sorted()).joined(separator: ", ")
            throw Misuse(description: "unknown scenario \"\(name)\"; known scenarios: \(known)")
        }
        let version = try variable("MCP_CONFORMANCE_PROTOCOL_VERSION")
        guard let revision = Revision(wireName: version) else {
            throw Misuse(
                description: "MCP_CONFORMANCE_PROTOCOL_VERSION is \"\(version)\", which is not a known revision"
            )
        }
        let context = getenv("MCP_CONFORMANCE_CONTEXT").map { String(cString: $0) }
        return Assignment(
            url: url,
            scenario: scenario,
            revision: revision,
            context: try JSONValue(parsing: context ?? "{}")
        )
    }

    private static func variable(_ name: String) throws(Misuse) -> String {
        guard let value = getenv(name) else { throw Misuse(description: "the variable \(name) is not set") }
        return String(cString: value)
    }
}
