import ArgumentParser
import JSON
import Tester

/// What is ready for the questions of a server.
struct InputOptions: ParsableArguments {
    @Option(
        name: .customLong("answer"),
        help: ArgumentHelp(
            """
            An answer to what the server asks: a field of a form as name=value, or JSON such as \
            '{"action": "decline"}', '{"text": "…"}' or '{"roots": ["file:///…"]}'. Repeatable, in order.
            """,
            valueName: "answer"
        )
    )
    var answers: [String] = []

    @Option(
        name: .customLong("answers"),
        help: ArgumentHelp("A file with answers: a JSON array of them, each with an optional match.", valueName: "file")
    )
    var file: String?

    @Option(
        name: .customLong("policy"),
        help: ArgumentHelp(
            """
            How questions are met that no answer fits: elicitation, sampling or roots as ask (default), decline, \
            accept_defaults (elicitation), llm (sampling: the model of LLM_URL is asked) or off (not declared). Repeatable.
            """,
            valueName: "kind=way"
        )
    )
    var policies: [String] = []

    @Option(
        name: .customLong("root"),
        help: ArgumentHelp("A root directory to tell the server, as a file: URI. Repeatable.", valueName: "uri")
    )
    var roots: [String] = []

    /// What is ready, in the order in which it will be looked through.
    ///
    /// - Throws: ``Failure`` that says what is no answer.
    func plan(in context: CommandContext) throws(Failure) -> InputPlan {
        var plan = InputPlan()
        for answer in answers {
            if answer.hasPrefix("{") {
                plan.answers.append(
                    try Self.answer(try Self.parse(answer, "--answer \(answer)"), plan.answers.count + 1)
                )
            } else if let equals = answer.firstIndex(of: "="), equals != answer.startIndex {
                plan.values.append((String(answer[..<equals]), String(answer[answer.index(after: equals)...])))
            } else {
                throw .usage(
                    "--answer \(answer) is neither name=value nor a JSON object.",
                    nextStep: "Write --answer name=Ada, or --answer '{\"action\": \"decline\"}'."
                )
            }
        }
        guard let file else { return plan }
        let text = String(decoding: try context.inputs.file(file), as: UTF8.self)
        let value = try Self.parse(text, "The content of \(file)")
        for answer in value.array ?? [value] {
            plan.answers.append(try Self.answer(answer, plan.answers.count + 1))
        }
        return plan
    }

    /// How questions are met that nothing is ready for.
    func policy() throws(Failure) -> InputPolicy {
        var policy = InputPolicy()
        for word in policies {
            guard let equals = word.firstIndex(of: "=") else {
                throw .usage("--policy \(word) has no \"=\".", nextStep: "Write --policy elicitation=decline.")
            }
            try policy.set(String(word[..<equals]), String(word[word.index(after: equals)...]))
        }
        if !roots.isEmpty { policy.givenRoots = roots.map { ["uri": .string($0)] } }
        return policy
    }

    private static func parse(_ text: String, _ origin: String) throws(Failure) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            throw .usage("\(origin) is not JSON: \(error).", nextStep: "Put JSON in single quotes on a command line.")
        }
    }

    private static func answer(_ value: JSONValue, _ place: Int) throws(Failure) -> PreparedAnswer {
        guard let object = value.object else {
            throw .usage("Report \(place) is no JSON object.", nextStep: "Write it as '{\"action\": \"decline\"}'.")
        }
        return try PreparedAnswer(object, place: place)
    }
}
