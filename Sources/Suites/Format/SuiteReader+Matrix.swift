import JSON
import MCPClient

extension SuiteReader {
    /// The dimensions in which every case of a suite is run.
    struct Matrix {
        /// Protocols with their names; empty for that of each server.
        var protocols: [(name: String, era: EraChoice)] = []
        /// The servers of cases that name none; empty for the only one.
        var servers: [ServerDefinition] = []

        var isEmpty: Bool { protocols.isEmpty && servers.isEmpty }
        /// The values of all dimensions, by which cells are named.
        var values: [String] { servers.map(\.name) + protocols.map(\.name) }
        /// The names of the cells with a value of each of two dimensions.
        var combinations: [String] {
            servers.flatMap { server in protocols.map { "\(server.name), \($0.name)" } }
        }
    }

    /// Why a case is skipped or expected to fail: in every cell, or in those that are named.
    enum Reason {
        case always(String)
        case cells([String: String])

        /// The reason in a cell, given by its values.
        func text(in values: [String]) -> String? {
            switch self {
            case .always(let text): text
            case .cells(let texts): texts[values.joined(separator: ", ")] ?? values.compactMap { texts[$0] }.first
            }
        }
    }

    mutating func matrix(_ node: SourceNode?, _ servers: [ServerDefinition]) -> Matrix {
        var matrix = Matrix()
        let known = problems.count
        guard let node, let fields = fields(node, of: "matrix", SuiteKeys.matrix) else { return matrix }
        if let node = fields["protocols"] {
            for item in list(node, of: "protocols") {
                guard let name = string(item) else { continue }
                guard let era = EraChoice(name) else {
                    add(
                        "Unknown protocol \"\(name)\". Use auto, legacy, modern or a revision: \(EraChoice.revisionNames).",
                        at: item
                    )
                    continue
                }
                matrix.protocols.append((name, era))
            }
        }
        if let node = fields["servers"] {
            for item in list(node, of: "servers") {
                guard let name = string(item) else { continue }
                if let server = servers.first(where: { $0.name == name }) {
                    matrix.servers.append(server)
                } else {
                    add("Unknown server \"\(name)\".\(suggestion(for: name, among: servers.map(\.name)))", at: item)
                }
            }
        }
        // A mistake in it is reported already.
        if matrix.isEmpty, problems.count == known {
            add("The matrix is empty. Give `protocols` or `servers`.", at: node)
        }
        return matrix
    }

    /// A reason, or a mapping from values of the matrix, or combinations of them, to reasons.
    mutating func reason(_ node: SourceNode, _ matrix: Matrix) -> Reason? {
        guard case .mapping(let entries) = node.content else {
            return nonEmptyString(node, of: "The reason").map { .always($0) }
        }
        var reasons: [String: String] = [:]
        let names = matrix.values + matrix.combinations
        for entry in entries {
            guard names.contains(entry.key) else {
                let advice = matrix.isEmpty ? " The suite has no `matrix`." : suggestion(for: entry.key, among: names)
                add("`\(entry.key)` is not in the matrix.\(advice)", at: entry.keyOffset, entry.key.count)
                continue
            }
            if entry.value.json == .null,
                let combination = matrix.combinations.first(where: { $0.hasPrefix(entry.key) })
            {
                add(
                    "`\(entry.key)` has no reason. A combination is one key in quotes, such as {\"\(combination)\": reason}.",
                    at: entry.keyOffset,
                    entry.key.count
                )
                continue
            }
            reasons[entry.key] = nonEmptyString(entry.value, of: "The reason")
        }
        return .cells(reasons)
    }

    /// The case in each cell of the matrix.
    func cells(
        of suiteCase: SuiteCase,
        in matrix: Matrix,
        hasOwnServer: Bool,
        skip: Reason?,
        expectedFailure: Reason?
    ) -> [SuiteCase] {
        let servers: [ServerDefinition?] = matrix.servers.isEmpty || hasOwnServer ? [nil] : matrix.servers
        let protocols: [(name: String, era: EraChoice)?] = matrix.protocols.isEmpty ? [nil] : matrix.protocols
        var cases: [SuiteCase] = []
        for server in servers {
            for choice in protocols {
                var copy = suiteCase
                if let server { copy.server = server }
                if let choice { copy.server.era = choice.era }
                let isRefused = copy.server.instances > 1 && !(copy.server.era?.isStateless ?? true)
                if copy.server.instances > 1, copy.server.era == .auto { copy.server.era = .modern }
                let values = [server?.name, choice?.name].compactMap(\.self)
                if !values.isEmpty { copy.cell = values.joined(separator: ", ") }
                copy.skip = skip?.text(in: values)
                if isRefused { copy.skip = "several instances need the stateless era" }
                copy.expectedFailure = expectedFailure?.text(in: values)
                cases.append(copy)
            }
        }
        return cases
    }
}
