import ArgumentParser
import JSON
import Tester

/// Prepared answers to input requests, and policies for the rest.
struct InputOptions: ParsableArguments {
    @Option(
        name: .customLong("answer"),
        help: ArgumentHelp(
            """
            Answer to an input request: a form field as name=value, or JSON such as '{"action": "decline"}', \
            '{"text": "…"}' or '{"roots": ["file:///…"]}'. Repeatable, used in order.
            """,
            valueName: "answer"
        )
    )
    var answers: [String] = []

    @Option(
        name: .customLong("answers"),
        help: ArgumentHelp("JSON file with an array of answers, each with an optional \"match\".", valueName: "file")
    )
    var file: String?

    @Option(
        name: .customLong("policy"),
        help: ArgumentHelp(
            """
            What to do when the server requests input and no answer fits, per kind (elicitation, sampling, roots): \
            ask (default), decline, accept_defaults (elicitation only), llm (sampling only: use the model at LLM_URL) or \
            off (do not declare the capability). Repeatable.
            """,
            valueName: "kind=policy"
        )
    )
    var policies: [String] = []

    @Option(
        name: .customLong("root"),
        help: ArgumentHelp("Root directory to report to the server, as a file: URI. Repeatable.", valueName: "uri")
    )
    var roots: [String] = []

    /// The prepared answers, in the order in which they are matched.
    ///
    /// - Throws: ``Failure`` of the class `usage` for an invalid answer.
    func plan(in context: CommandContext) async throws(Failure) -> InputPlan {
        var plan = InputPlan()
        for answer in answers {
            if answer.hasPrefix("{") {
                plan.answers.append(
                    try Self.answer(try Self.parse(answer, "An --answer argument"), plan.answers.count + 1)
                )
            } else if let equals = answer.firstIndex(of: "="), equals != answer.startIndex {
                plan.values.append((String(answer[..<equals]), String(answer[answer.index(after: equals)...])))
            } else {
                throw .usage(
                    "An --answer argument is neither name=value nor a JSON object.",
                    nextStep: "Write --answer name=Ada, or --answer '{\"action\": \"decline\"}'."
                )
            }
        }
        guard let file else { return plan }
        let text = String(decoding: try await context.inputs.file(file), as: UTF8.self)
        let value = try Self.parse(text, "The content of \(file)")
        for answer in value.array ?? [value] {
            plan.answers.append(try Self.answer(answer, plan.answers.count + 1))
        }
        return plan
    }

    /// The policies for input requests without a prepared answer.
    func policy() throws(Failure) -> InputPolicy {
        var policy = InputPolicy()
        for word in policies {
            guard let equals = word.firstIndex(of: "=") else {
                throw .usage(
                    "--policy \"\(word)\" is not KIND=POLICY.",
                    nextStep: "Write --policy elicitation=decline."
                )
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
            throw .usage("\(origin) is not valid JSON: \(error).", nextStep: "Put JSON in single quotes in a shell.")
        }
    }

    private static func answer(_ value: JSONValue, _ place: Int) throws(Failure) -> PreparedAnswer {
        guard let object = value.object else {
            throw .usage("Answer \(place) is not a JSON object.", nextStep: "Write it as '{\"action\": \"decline\"}'.")
        }
        return try PreparedAnswer(object, place: place)
    }
}
