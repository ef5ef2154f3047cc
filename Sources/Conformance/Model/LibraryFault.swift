/// The rules that every server of some libraries breaks over stdio, because the library does.
///
/// The tests check servers of these libraries over stdio, so that the table stays true.
package enum LibraryFault {
    /// A library by its name and major version.
    package enum Library: String, Sendable, CaseIterable {
        case mcp1 = "mcp 1 (Python)"
        case mcp2 = "mcp 2 (Python)"
        case fastmcp3 = "FastMCP 3"
        case fastmcp4 = "FastMCP 4"
    }

    /// The libraries by the number of the rule.
    package static let all: [String: [Library]] = [
        // A line that is not JSON, and a message without a method, get no error.
        "S005": Library.allCases, "S006": Library.allCases,
        // An unknown method gets -32602.
        "S007": [.mcp1, .fastmcp3],
        // No batch is read.
        "S009": Library.allCases,
        // Log messages of a tool are sent without the capability.
        "S270": [.mcp1],
    ]

    /// The libraries in words, for a reader whose server may use one of them; nil if none is known.
    package static func sentence(for check: Check) -> String? {
        guard let libraries = all[check.row]?.map(\.rawValue), let last = libraries.last else { return nil }
        let others = libraries.dropLast().joined(separator: ", ")
        let names = others.isEmpty ? last : "\(others) or \(last)"
        return "every stdio server on \(names) breaks this rule: if yours is one, the fault is the library's"
    }
}
