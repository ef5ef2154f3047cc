import HostConfiguration
import JSON
import JSONRPC
import MCP
import MCPClient
import Platform
package import Tester

/// Makes cases of what was done in a session.
package struct SavedSuite: Sendable {
    /// What to save.
    package struct Request: Sendable {
        /// The suite: created, or the cases are added to it.
        package var file: String
        /// The name or the id of the connection (default: the current one).
        package var connection: String?
        package var exchanges = Selection.all
        /// The name of one case with all of them; nil for a case each.
        package var caseName: String?

        /// Creates the request to save all calls.
        package init(file: String) {
            self.file = file
        }

        /// Which exchanges are saved.
        package enum Selection: Sendable {
            /// All calls since the connection was made.
            case all
            /// The last call of a tool.
            case lastToolCall
            /// Those with these numbers.
            case numbers([Int])
        }
    }

    /// The names of the cases that were added.
    package var names: [String]
    /// How many exchanges are in them.
    package var count: Int
    /// The variables that have to be set before the suite runs.
    package var variables: [String]
    /// What was called and failed, so that its case expects a failure.
    package var failed: [String] = []
    /// What was not saved, and why.
    package var omitted: [(number: Int, reason: String)] = []

    /// What the user should know about the paths in a file that was created.
    package var pathWarning: String?

    /// What the user should know about cases that expect a failure; nil if there are none.
    package var warning: String? {
        guard !failed.isEmpty else { return nil }
        let names = failed.joined(separator: ", ")
        return failed.count == 1
            ? "\(names) failed, and its case expects that. If the server is at fault, correct the expectation."
            : "\(names) failed, and their cases expect that. If the server is at fault, correct the expectations."
    }

    /// Saves exchanges of a connection.
    ///
    /// What only reads is sent once more, to learn which parts of the result vary.
    ///
    /// - Throws: ``Failure`` of the class `usage` if nothing can be saved, or the file cannot be changed.
    package static func save(_ request: Request, of session: TesterSession) async throws(Failure) -> SavedSuite {
        try await session.using(request.connection) { (connection) throws(Failure) in
            var chosen = try choose(request, on: connection)
            var omitted: [(number: Int, reason: String)] = []
            chosen.removeAll { exchange in
                guard let reason = exchange.obstacle else { return false }
                omitted.append((exchange.number, reason))
                return true
            }
            guard !chosen.isEmpty else { throw nothing(omitted, request) }
            var observations: [SuiteDraft.Observation] = []
            for exchange in chosen { observations.append(await observe(exchange, on: connection)) }
            var draft = SuiteDraft(
                for: connection.target,
                era: connection.request.era,
                savedTo: request.file,
                session.redactor
            )
            if let name = request.caseName {
                draft.add(observations, asCase: name)
            } else {
                draft.add(observations)
            }
            let isNew = try await write(&draft, to: request.file)
            return SavedSuite(
                names: draft.names,
                count: chosen.count,
                variables: draft.variables,
                failed: chosen.filter(\.hasFailed).map(\.subject),
                omitted: omitted,
                pathWarning: isNew ? draft.pathWarning : nil
            )
        }
    }

    private static func choose(
        _ request: Request,
        on connection: Connection
    ) throws(Failure) -> [UserExchange] {
        let all = UserExchange.all(on: connection)
        var chosen: [UserExchange] = []
        switch request.exchanges {
        case .all: chosen = all.filter { calls.contains($0.method) }
        case .lastToolCall: chosen = all.last { $0.method == .toolsCall }.map { [$0] } ?? []
        case .numbers(let numbers): chosen = try find(numbers, in: all, of: connection)
        }
        return chosen
    }

    private static func find(
        _ numbers: [Int],
        in all: [UserExchange],
        of connection: Connection
    ) throws(Failure) -> [UserExchange] {
        var chosen: [UserExchange] = []
        for number in numbers {
            guard let exchange = all.first(where: { $0.numbers.contains(number) }) else {
                throw .usage(
                    "Connection \"\(connection.name)\" has no exchange \(number), or it is not kept whole.",
                    nextStep: "Use numbers that inspect_raw lists without arguments."
                )
            }
            if !chosen.contains(where: { $0.numbers == exchange.numbers }) { chosen.append(exchange) }
        }
        return chosen
    }

    /// The requests that are calls of the user; others are saved only by their numbers.
    private static let calls: Set<Method> = [.toolsCall, .resourcesRead, .promptsGet, .completionComplete]

    private static func nothing(_ omitted: [(number: Int, reason: String)], _ request: Request) -> Failure {
        if let (number, reason) = omitted.first {
            return .usage(
                "Nothing was saved to \(request.file): exchange \(number) \(reason).",
                nextStep: "Save a call that the server has answered."
            )
        }
        return .usage(
            "Nothing was saved to \(request.file): nothing was called on this connection.",
            nextStep: "Call a tool first, or give the numbers of exchanges."
        )
    }

    // MARK: - The silent repeat

    private static func observe(_ exchange: UserExchange, on connection: Connection) async -> SuiteDraft.Observation {
        var observation = SuiteDraft.Observation(exchange: exchange)
        guard exchange.inputs.isEmpty, await isReadOnly(exchange, on: connection) else { return observation }
        let limits = CallLimits(request: .seconds(60), idle: .seconds(60))
        do throws(CallError) {
            let result =
                if exchange.method == .toolsCall {
                    try await connection.client.callTool(
                        exchange.params["name"]?.string ?? "",
                        arguments: exchange.params["arguments"].map(JSONText.init),
                        limits: limits
                    )
                } else {
                    try await connection.client.call(exchange.method, params: exchange.params, limits: limits)
                }
            connection.noteSilent(result.requests)
            observation.second = .result(result.result.value())
        } catch {
            connection.noteSilent(error.requests)
            if case .rejected(let refusal) = error.cause { observation.second = .error(refusal) }
        }
        return observation
    }

    private static func isReadOnly(_ exchange: UserExchange, on connection: Connection) async -> Bool {
        guard connection.client.link.end == nil else { return false }
        guard exchange.method == .toolsCall else { return calls.contains(exchange.method) }
        guard let tool = exchange.params["name"]?.string else { return false }
        await connection.listToolsIfNeeded()
        return connection.isReadOnly(tool)
    }

    // MARK: - The file

    /// Writes a draft to a new file, or adds its cases to an existing one.
    ///
    /// - Returns: Whether the file is new.
    /// - Throws: ``Failure`` of the class `usage` that says why the file was not changed.
    @discardableResult
    package static func write(_ draft: inout SuiteDraft, to file: String) async throws(Failure) -> Bool {
        let known = try await offLoop { () throws(Failure) in
            access(file, F_OK) == 0
                ? try attempt(file) { () throws(FileProblem) in
                    try ConfigurationFile.read(file, limit: SuiteLoader.sizeLimit)
                } : nil
        }
        let text = if let known { try draft.add(to: known, path: file) } else { draft.text }
        try await offLoop { () throws(Failure) in
            try attempt(file) { () throws(FileProblem) in try ConfigurationFile.replace(file, with: Array(text.utf8)) }
        }
        return known == nil
    }

    private static func attempt<Value>(
        _ file: String,
        _ work: () throws(FileProblem) -> Value
    ) throws(Failure) -> Value {
        do throws(FileProblem) {
            return try work()
        } catch {
            throw .usage("\(file) was not written: \(error).", nextStep: "Give a path that can be written.")
        }
    }
}

extension UserExchange {
    /// What was called, read or got.
    fileprivate var subject: String {
        params["name"]?.string ?? params["uri"]?.string ?? method.rawValue
    }

    /// Whether its case expects a failure.
    fileprivate var hasFailed: Bool {
        switch outcome {
        case .result(let result): result["isError"] == true
        case .error: true
        case nil: false
        }
    }

    /// Why it cannot become a case, as a clause.
    fileprivate var obstacle: String? {
        if outcome == nil { return "has no response" }
        if isTask { return "became a task; write the step by hand, with `task: true`" }
        return needsInput ? "still waits for input" : nil
    }
}
