public import JSON
import JSONSchema
import MCP
import MCPClient

extension TesterSession {
    /// Checks arguments against the input schema of a tool without calling it: each error with its place and a
    /// correction, and corrected arguments if nothing is in doubt.
    ///
    /// Lists the tools if they were not listed before.
    public func validateArguments(_ arguments: JSONText?, of tool: String, on name: String? = nil) async -> Report {
        await perform(on: name, emptyPayload: ("valid", nil)) { operation in
            let definition: JSONText
            switch await self.definition(of: tool, operation) {
            case .success(let text): definition = text
            case .failure(let failure): return operation.report(failure, emptyPayload: ("valid", nil))
            }
            switch operation.connection.surface(.tools)?.schemas(of: tool)?.input {
            case nil: return Self.unchecked("has no inputSchema", tool, operation)
            case .failure(let error)?: return Self.unchecked("has an invalid inputSchema: \(error)", tool, operation)
            case .success(let schema)?:
                let value = arguments?.value() ?? [:]
                let input = definition["inputSchema"]?.value() ?? [:]
                return Self.report(ArgumentCheck(value, schema, input), of: tool, operation)
            }
        }
    }

    private static func unchecked(_ reason: String, _ tool: String, _ operation: Operation) -> Report {
        let failure = Failure(
            .schemaMismatch,
            .executionError,
            "The arguments cannot be checked: tool \"\(tool)\" \(reason).",
            nextStep: "Correct the inputSchema of the tool. describe_tool shows all findings about it."
        )
        return operation.report(failure, emptyPayload: ("valid", nil))
    }

    private static func report(_ check: ArgumentCheck, of tool: String, _ operation: Operation) -> Report {
        if let exceeded = check.exceeded {
            return unchecked("has a schema that is too costly: \(exceeded)", tool, operation)
        }
        guard !check.errors.isEmpty else {
            var report = operation.report("the arguments of \"\(tool)\" are valid; nothing was called")
            report.add("valid", true)
            report.add("errors", [])
            report.add("metadata", .object(operation.metadata))
            return report
        }
        let first = check.errors[0]
        let others = check.errors.count > 1 ? " (and \(check.errors.count - 1) more)" : ""
        var failure = Failure(
            .schemaMismatch,
            .invalidArguments,
            "The arguments of \"\(tool)\" are invalid: \(first.message)\(others).",
            nextStep: check.corrected != nil
                ? "Use the corrected arguments." : first.correction ?? "Correct the arguments."
        )
        failure.details["tool_name"] = .string(tool)
        var members = [
            Report.Member(key: "valid", value: .value(false)),
            Report.Member(key: "errors", value: .value(.array(check.errors.map(\.json)))),
        ]
        if let corrected = check.corrected { members.append(.init(key: "corrected", value: .value(corrected))) }
        return operation.report(failure, payload: members, metadata: operation.metadata)
    }
}

/// The errors of arguments, each with a correction where one is found.
private struct ArgumentCheck {
    struct Fault {
        let place: JSONPointer
        let message: String
        let keyword: String
        var correction: String?

        var json: JSONValue {
            var object: JSONObject = ["at": .string(place.description), "message": .string(message)]
            object["keyword"] = .string(keyword)
            if let correction { object["correction"] = .string(correction) }
            return .object(object)
        }
    }

    private(set) var errors: [Fault] = []
    /// The corrected arguments, if they are valid and no decision was needed.
    private(set) var corrected: JSONValue?
    private(set) var exceeded: JSONSchemaLimits.Exceeded?

    init(_ value: JSONValue, _ schema: JSONSchema, _ input: JSONValue) {
        let validation = schema.validate(value, as: .arguments)
        exceeded = validation.exceeded
        guard !validation.isValid, exceeded == nil else { return }
        let correction = ArgumentCorrection(value, schema: input)
        errors = validation.errors.prefix(20).map { violation in
            Fault(
                place: violation.instanceLocation,
                message: violation.message,
                keyword: violation.keyword,
                correction: correction.steps.step(for: violation)?.text
            )
        }
        if correction.steps.allSatisfy(\.isApplied), schema.validate(correction.corrected).isValid {
            corrected = correction.corrected
        }
    }
}

extension [ArgumentCorrection.Step] {
    /// The correction of a violation.
    ///
    /// A missing member is reported at its object, an unknown one at its own place; the name tells them apart.
    fileprivate func step(for violation: Violation) -> ArgumentCorrection.Step? {
        let place = violation.instanceLocation
        return first { $0.pointer == place && violation.message.mentions($0) }
            ?? first { $0.pointer.tokens.dropLast() == place.tokens[...] && violation.message.mentions($0) }
            ?? first { $0.pointer == place && !$0.namesMember }
    }
}

extension ArgumentCorrection.Step {
    fileprivate var namesMember: Bool { text.contains("`") }
}

extension String {
    /// Whether the message names what the correction names in backquotes.
    fileprivate func mentions(_ step: ArgumentCorrection.Step) -> Bool {
        let names = step.text.split(separator: "`", omittingEmptySubsequences: false)
        return names.count > 1 && contains("`\(names[1])`")
    }
}
