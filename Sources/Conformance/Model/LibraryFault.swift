/// The rules that every stdio server built on a library breaks, because the library breaks them.
///
/// The tests check stdio servers built on these libraries, so that the table stays true.
package enum LibraryFault {
    /// A library by its name and major version.
    package enum Library: String, Sendable, CaseIterable {
        case mcp1 = "mcp 1 (Python)"
        case mcp2 = "mcp 2 (Python)"
        case fastmcp3 = "FastMCP 3"
        case fastmcp4 = "FastMCP 4"
    }

    /// The libraries that break a rule, by its number.
    package static let all: [String: [Library]] = [
        // A line that is not JSON, and a message without a method, get no error.
        "S005": Library.allCases, "S006": Library.allCases,
        // An unknown method gets -32602.
        "S007": [.mcp1, .fastmcp3],
        // Batches are not read.
        "S009": Library.allCases,
        // Log messages of a tool are sent without the capability.
        "S270": [.mcp1],
    ]

    /// The libraries that break the rule of a check; nil if none is known.
    package static func names(for check: Check) -> String? {
        guard let libraries = all[check.row]?.map(\.rawValue), let last = libraries.last else { return nil }
        let others = libraries.dropLast().joined(separator: ", ")
        return others.isEmpty ? last : "\(others) or \(last)"
    }

    /// A clause that names the libraries that break the rule of a check; nil if none is known.
    package static func sentence(for check: Check) -> String? {
        names(for: check).map {
            "every stdio server built on \($0) breaks this rule; if yours is one, the library is at fault"
        }
    }
}
