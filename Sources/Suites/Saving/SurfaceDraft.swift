import JSON
import JSONRPC
import MCP
package import MCPClient
package import Tester

extension SuiteDraft {
    /// Adds cases for what a server lists: the names of its tools, a call of each tool with valid arguments, its resources
    /// and its prompts.
    ///
    /// What only reads is tried once. What fails then, and tools that are not declared read-only, are skipped until a person
    /// has read the case.
    package mutating func add(_ listings: [ListKind: Listing], tryingOn connection: Connection) async {
        let tools = listings[.tools]?.items.map { $0.value() } ?? []
        let names = tools.compactMap { $0["name"]?.string }
        if !names.isEmpty {
            let list = secrets.text(of: .array(names.map(JSONValue.string)), key: "tool")
            addStep(["- list: tools", "  expect: {names: {contains: \(list)}}"], name: "tools are listed")
        }
        let trial = CaseTrial(connection: connection, secrets: secrets)
        for tool in tools { await addTool(tool, trial) }
        for resource in (listings[.resources]?.items ?? []).prefix(20) {
            guard let uri = resource.value()["uri"]?.string else { continue }
            let problem = await trial.problem(of: .resourcesRead, ["uri": .string(uri)])
            let skip = problem.map { "reading it failed: \($0)" }
            addStep(["- read: \(secrets.text(of: .string(uri), key: "uri"))"], name: "read \(uri)", skip: skip)
        }
        for prompt in listings[.prompts]?.items ?? [] { await addPrompt(prompt.value(), trial) }
    }

    private mutating func addTool(_ tool: JSONValue, _ trial: CaseTrial) async {
        guard let name = tool["name"]?.string else { return }
        var lines = ["- call: \(secrets.text(of: .string(name), key: "tool"))"]
        let arguments = tool["inputSchema"].flatMap { Example.arguments(for: $0) }
        if let arguments, !arguments.isEmpty {
            lines.append("  args: \(secrets.text(of: .object(arguments), key: ""))")
        }
        var skip: String?
        if tool["annotations"]?["readOnlyHint"]?.bool != true {
            skip = "the tool is not declared read-only: check what it changes, then remove this line"
        }
        if let arguments {
            if skip == nil { skip = await trial.skip(.toolsCall, name, arguments) }
        } else {
            skip = "no valid arguments were found in the schema: write some, then remove this line"
        }
        addStep(lines, name: "call \(name)", skip: skip)
    }

    private mutating func addPrompt(_ prompt: JSONValue, _ trial: CaseTrial) async {
        guard let name = prompt["name"]?.string else { return }
        var arguments = JSONObject()
        for argument in prompt["arguments"]?.array ?? [] where argument["required"] == true {
            if let name = argument["name"]?.string { arguments.append(name, "example") }
        }
        var lines = ["- get: \(secrets.text(of: .string(name), key: "prompt"))"]
        if !arguments.isEmpty { lines.append("  args: \(secrets.text(of: .object(arguments), key: ""))") }
        addStep(lines, name: "prompt \(name)", skip: await trial.skip(.promptsGet, name, arguments))
    }
}

/// Tries what a case would do, to find out whether it fails on the spot.
private struct CaseTrial {
    let connection: Connection
    let secrets: SecretReferences

    /// Why a case with made-up arguments is skipped; nil if it passes.
    func skip(_ method: Method, _ name: String, _ arguments: JSONObject) async -> String? {
        guard let problem = await problem(of: method, ["name": .string(name), "arguments": .object(arguments)]) else {
            return nil
        }
        return arguments.isEmpty
            ? "it failed: \(problem)" : "it failed with these made-up arguments, so give others: \(problem)"
    }

    /// What the server says against a request, on one line; nil if nothing.
    func problem(of method: Method, _ params: JSONObject) async -> String? {
        let limits = CallLimits(request: .seconds(10), idle: .seconds(10))
        do throws(CallError) {
            let result =
                if method == .toolsCall {
                    try await connection.client.callTool(
                        params["name"]?.string ?? "",
                        arguments: params["arguments"].map(JSONText.init),
                        limits: limits
                    )
                } else {
                    try await connection.client.call(method, params: params, limits: limits)
                }
            let value = result.result.value()
            guard value["isError"] == true else { return nil }
            return line(ResultView(result: value, kind: .tool).text ?? "an error without text")
        } catch {
            if case .rejected(let refusal) = error.cause { return line(refusal.message) }
            return "no response that can be used"
        }
    }

    private func line(_ text: String) -> String {
        // Before it is cut, so that no beginning of a secret is left.
        let line = secrets.redacted(text).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return line.count > 120 ? "\(line.prefix(120))…" : line
    }
}
