package import MCP
package import Tester
import TextUtilities

extension Check {
    /// The names and numbers of checks, if all are known; several may be in one text, with commas.
    ///
    /// - Throws: `Failure` of the class `usage` that names the first unknown one, and the one that it resembles.
    package static func known(_ names: [String]) throws(Failure) -> Set<String> {
        let all = all.flatMap { [$0.id, $0.row] }
        let names = names.flatMap { $0.split(separator: ",").map(String.init) }
        for name in names where !all.contains(name) {
            let close = nearest(name, among: all).map { " Did you mean \"\($0)\"?" } ?? ""
            throw .usage("Unknown check \"\(name)\".\(close)", nextStep: "List them: mcp-test-mcp checks.")
        }
        return Set(names)
    }

    /// The revision with a name.
    ///
    /// - Throws: `Failure` of the class `usage` that names all revisions.
    package static func revision(_ name: String) throws(Failure) -> Revision {
        if let revision = Revision(wireName: name) { return revision }
        throw .usage(
            "Unknown revision \"\(name)\".",
            nextStep: "Use one of \(Revision.allCases.map(\.wireName).joined(separator: ", "))."
        )
    }
}
