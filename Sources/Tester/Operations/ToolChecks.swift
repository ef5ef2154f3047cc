package import JSON
import JSONSchema
import MCP
import MCPClient
import TextUtilities

/// Checks of a call against the tools as listed before.
package struct ToolChecks {
    private let connection: Connection
    private let tool: String
    /// The list when the checks were created, or when they fetched it.
    private var surface: Surface?
    /// Nil if the tool is not listed.
    private var schemas: Surface.ToolSchemas?

    package init(_ connection: Connection, tool: String) {
        self.connection = connection
        self.tool = tool
        readSurface()
    }

    private mutating func readSurface() {
        surface = connection.surface(.tools)
        schemas = surface?.schemas(of: tool)
    }

    /// The outcome of a check.
    package enum Check {
        case passed
        case failed([String])
        case notDone(String)
    }

    /// Lists the tools if they were not listed before and the server declares them.
    ///
    /// - Returns: Whether a request was sent.
    package mutating func listIfNeeded() async -> Bool {
        let wasAsked = await connection.listToolsIfNeeded()
        if wasAsked { readSurface() }
        return wasAsked
    }

    /// Whether nothing can be checked, because the tools were not listed before.
    var isUnlisted: Bool { surface == nil }

    /// All names, if the list is complete and the tool is not in it.
    var namesWithoutTool: [String]? {
        guard let surface, surface.listing.shortfall == nil, surface.item(tool) == nil else { return nil }
        return surface.names
    }

    /// What is wrong with a call.
    package enum Mistake {
        case unknownTool(String, among: [String])
        case invalidArguments([String])

        /// What is wrong, with the name that was probably meant.
        package var sentence: String {
            switch self {
            case .unknownTool(let tool, let names):
                "The server has no tool \"\(tool)\"."
                    + (nearest(tool, among: names).map { " Did you mean \"\($0)\"?" } ?? "")
            case .invalidArguments(let violations):
                "The arguments do not match the input schema: \(violations.joined(separator: "; "))."
            }
        }
    }

    /// Finds what is wrong with a call, by the tools as listed; nil if nothing is, or if it cannot be decided.
    package func mistake(in arguments: JSONText?) -> Mistake? {
        if let names = namesWithoutTool { return .unknownTool(tool, among: names) }
        guard case .failed(let violations) = self.arguments(arguments) else { return nil }
        return .invalidArguments(violations)
    }

    /// Checks arguments against the tool's input schema.
    func arguments(_ arguments: JSONText?) -> Check {
        check(.input, arguments?.value() ?? [:])
    }

    /// Checks structured content against the tool's output schema.
    package func output(_ structured: JSONText?) -> Check {
        if let structured { return check(.output, structured.value()) }
        guard schemas?.output != nil else { return .notDone(reasonWithoutSchema(.output)) }
        return .failed(["missing structuredContent, which the output schema requires"])
    }

    private func check(_ member: Surface.SchemaMember, _ value: @autoclosure () -> JSONValue) -> Check {
        switch schemas?[member] {
        case nil: return .notDone(reasonWithoutSchema(member))
        case .failure(let error)?: return .notDone("not checked: the \(member.rawValue) is invalid: \(error)")
        case .success(let schema)?:
            let validation = schema.validate(value(), as: member == .input ? .arguments : .structuredContent)
            if let exceeded = validation.exceeded { return .notDone("not checked: \(exceeded)") }
            return validation.isValid ? .passed : .failed(validation.errors.prefix(10).map(\.message))
        }
    }

    private func reasonWithoutSchema(_ member: Surface.SchemaMember) -> String {
        guard surface != nil else { return "not checked: list_tools was not called on this connection" }
        guard schemas != nil else { return "not checked: tool \"\(tool)\" is not listed" }
        return member == .input
            ? "not checked: the tool has no inputSchema" : "not checked: the tool has no outputSchema"
    }
}

extension Connection {
    /// Lists the tools if they were not listed before and the server declares them.
    ///
    /// - Returns: Whether a request was sent.
    @discardableResult
    package func listToolsIfNeeded() async -> Bool {
        guard surface(.tools) == nil, client.link.end == nil, client.capabilities.json["tools"] != nil else {
            return false
        }
        keep(Surface(await client.list(.tools), of: .tools), as: .tools)
        return true
    }
}

extension ToolChecks.Check {
    /// Writes what a report says of it.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .passed: writer.write("passed")
        case .failed(let violations): writer.write(.array(violations.map(JSONValue.string)))
        case .notDone(let reason): writer.write(reason)
        }
    }
}
