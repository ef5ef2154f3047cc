import JSON

/// Tests of mcp-server-tester: calls of tools under `tests`, or under `tools` beside evaluations by a model.
extension ImportReader {
    mutating func readServerTester() {
        loseUnknown(
            in: node,
            of: "the file",
            except: ["tools", "tests", "expected_tool_list", "discovery", "evals", "evaluations", "options"]
        )
        readServer(nil) { _, _ in [] }
        readOptions()
        let tools = node["tools"] ?? node
        if node["tools"] != nil {
            loseUnknown(in: tools, of: "`tools`", except: ["tests", "expected_tool_list", "expect_tools"])
        }
        if let discovery = node["discovery"] {
            loseUnknown(in: discovery, of: "`discovery`", except: ["expect_tools"])
        }
        let expected = tools["expected_tool_list"] ?? tools["expect_tools"] ?? node["discovery"]?["expect_tools"]
        if let expected, let names = expected.elements {
            var step = ImportedSuite.Step(action: "list: tools")
            step.expect = ["names: {contains: \(YAMLText.of(.array(names.map(\.json))))}"]
            suite.cases.append(ImportedSuite.Case(name: "the expected tools are listed", steps: [step]))
        }
        for test in tools["tests"]?.elements ?? [] { readToolTest(test) }
        for key in ["evals", "evaluations"] {
            guard let evaluations = node[key] else { continue }
            let count = (evaluations["tests"] ?? evaluations).elements?.count ?? 0
            lose("`\(key)` (\(count) tests) was not carried over: suites do not ask a model.", at: evaluations)
        }
    }

    private mutating func readOptions() {
        guard let options = node["options"] else { return }
        loseUnknown(in: options, of: "`options`", except: ["timeout"])
        if let timeout = milliseconds(options["timeout"]) { suite.head.append("defaults: {timeout: \(timeout)}") }
    }

    private mutating func readToolTest(_ test: SourceNode) {
        var suiteCase = ImportedSuite.Case(name: text(test["name"]) ?? text(test["tool"]) ?? "test")
        if let calls = test["calls"] {
            loseUnknown(in: test, of: "a test", except: ["name", "calls"])
            for call in calls.elements ?? [] {
                loseUnknown(in: call, of: "a call", except: ["tool", "params", "expect"])
                if let step = toolStep(call) { suiteCase.steps.append(step) }
            }
        } else {
            loseUnknown(in: test, of: "a test", except: ["name", "tool", "params", "expect"])
            if let step = toolStep(test) { suiteCase.steps.append(step) }
        }
        if !suiteCase.steps.isEmpty { suite.cases.append(suiteCase) }
    }

    private mutating func toolStep(_ node: SourceNode) -> ImportedSuite.Step? {
        guard let tool = text(node["tool"]) else {
            lose("A test without `tool` was not carried over.", at: node)
            return nil
        }
        var step = ImportedSuite.Step(action: "call: \(YAMLText.of(tool))", arguments: node["params"]?.json)
        guard let expect = node["expect"] else { return step }
        loseUnknown(in: expect, of: "an expectation", except: ["success", "result", "error"])
        if expect["success"]?.json == false {
            step.expect = ["is_error: true"]
            if let part = text(expect["error"]?["contains"]) {
                step.expect.append("text: {contains: \(YAMLText.of(.string(part)))}")
            }
            if let error = expect["error"] { loseUnknown(in: error, of: "`error`", except: ["contains"]) }
            remark(
                "`success: false` also accepted a protocol error. For that, write `error: {message: {contains: …}}`.",
                at: expect
            )
        } else if let result = expect["result"] {
            step.expect = toolResult(result)
        }
        return step
    }

    private mutating func toolResult(_ node: SourceNode) -> [String] {
        var lines: [String] = []
        for entry in node.entries {
            switch entry.key {
            case "contains":
                lines.append("text: {contains: \(YAMLText.of(.string(text(entry.value) ?? "")))}")
                remark("`contains` looked at the whole result as JSON; now it looks at its text.", at: entry.value)
            case "equals":
                let value = entry.value.json
                // The eras add members to a result.
                lines += self.lines(
                    "result",
                    [("", value.object == nil ? equals(value) : "{contains: \(YAMLText.of(value))}")]
                )
            case "schema": lines.append("schema: \(YAMLText.of(entry.value.json))")
            default: lose("`\(entry.key)` of a result was not carried over.", at: entry.keyOffset)
            }
        }
        return lines
    }
}
