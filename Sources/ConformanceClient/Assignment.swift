import JSON
import MCP
import Platform

/// What the suite asks for: it names the server as the last argument and everything else in variables.
struct Assignment: Sendable {
    /// The server of the scenario.
    let url: String
    /// What is to be done there.
    let scenario: Scenario
    /// The revision that the suite tests.
    let revision: Revision
    /// What the scenario says more.
    let context: JSONValue

    /// The suite asked for something that cannot be done.
    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads the arguments and variables of this process.
    ///
    /// - Throws: ``Misuse``, or `JSONError` for a context that is no JSON.
    static func current() throws -> Assignment {
        guard CommandLine.arguments.count > 1, let url = CommandLine.arguments.last else {
            throw Misuse(description: "usage: conformance-client URL, with MCP_CONFORMANCE_SCENARIO set to a scenario")
        }
        let name = try variable("MCP_CONFORMANCE_SCENARIO")
        guard let scenario = Scenario.all[name] else {
            let known = Scenario.all.keys.sorted().joined(separator: ", ")
            throw Misuse(description: "the scenario \"\(name)\" is not played here; those that are: \(known)")
        }
        let version = try variable("MCP_CONFORMANCE_PROTOCOL_VERSION")
        guard let revision = Revision(wireName: version) else {
            throw Misuse(description: "MCP_CONFORMANCE_PROTOCOL_VERSION is \"\(version)\", which is no known revision")
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
