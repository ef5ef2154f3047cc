import JSON
import MCP
import MCPServer

extension DemoServer {
    /// Fixtures that need several rounds, as the conformance suite of the stateless era knows them.
    func addRoundTripFixtures(to server: inout Server) throws {
        try addSingleQuestions(to: &server)
        try addStates(to: &server)
        let streaming = Self.fixture("test_streaming_elicitation", "Reports progress, then asks the user.")
        try server.add(streaming) { context, _ in
            context.reportProgress(0, total: 1, message: "About to ask")
            try await pause()
            guard let answer = try context.answer(to: "user_name", as: ElicitResult.self) else {
                return .asking("user_name", .form("What is your name?", text: "name"))
            }
            return .complete(.text("The user answered: \(answer.jsonValue)"))
        }
        let able = Self.fixture(
            "test_input_required_result_capabilities",
            "Asks for everything that the client declares, and for nothing else."
        )
        try server.add(able) { context, _ in
            let questions = Self.questions(for: context.caller.capabilities)
            let isAnswered = questions.allSatisfy { context.inputResponses[$0.key] != nil }
            guard !isAnswered else { return .complete(.text("\(questions.count) questions were answered.")) }
            return .inputRequired(InputRequiredResult(questions))
        }
    }

    private func addSingleQuestions(to server: inout Server) throws {
        let user = Self.fixture("test_input_required_result_elicitation", "Asks the user for a name.")
        try server.add(user) { context, _ in
            guard let answer = try context.answer(to: "user_name", as: ElicitResult.self) else {
                return .asking("user_name", .form("What is your name?", text: "name"))
            }
            return .complete(.text(answer.greeting))
        }
        let model = Self.fixture("test_input_required_result_sampling", "Asks the client's model.")
        try server.add(model) { context, _ in
            guard let answer = try context.answer(to: "capital_question", as: CreateMessageResult.self) else {
                return .asking("capital_question", .model("What is the capital of France?", maxTokens: 100))
            }
            return .complete(.text(answer.text))
        }
        let roots = Self.fixture("test_input_required_result_list_roots", "Asks for the client's root directories.")
        try server.add(roots) { context, _ in
            guard let answer = try context.answer(to: "client_roots", as: ListRootsResult.self) else {
                return .asking("client_roots", .roots)
            }
            return .complete(.text("Roots: \((answer.roots ?? []).compactMap(\.uri).joined(separator: ", "))"))
        }
    }

    private func addStates(to server: inout Server) throws {
        for (name, description) in [
            ("test_input_required_result_request_state", "Asks for a confirmation and keeps a state meanwhile."),
            ("test_input_required_result_tampered_state", "Asks for a confirmation; its state cannot be changed."),
        ] {
            try server.add(Self.fixture(name, description)) { context, _ in
                guard context.requestState == "asked", try context.answer(to: "confirm", as: ElicitResult.self) != nil
                else { return .asking("confirm", .form("Please confirm", flag: "ok"), state: "asked") }
                return .complete(.text("state-ok"))
            }
        }
        let several = Self.fixture("test_input_required_result_multiple_inputs", "Asks three things at once.")
        try server.add(several) { context, _ in
            guard context.requestState == "asked",
                let user = try context.answer(to: "user_name", as: ElicitResult.self),
                let model = try context.answer(to: "greeting", as: CreateMessageResult.self),
                let roots = try context.answer(to: "client_roots", as: ListRootsResult.self)
            else {
                let questions: [(String, InputRequest)] = [
                    ("user_name", .form("What is your name?", text: "name")),
                    ("greeting", .model("Generate a greeting", maxTokens: 50)), ("client_roots", .roots),
                ]
                return .inputRequired(InputRequiredResult(questions, requestState: "asked"))
            }
            return .complete(.text("\(user.greeting) \(model.text) You have \(roots.roots?.count ?? 0) roots."))
        }
        let rounds = Self.fixture("test_input_required_result_multi_round", "Asks for a name, then for a color.")
        try server.add(rounds) { context, _ in
            if let name = context.requestState?.value(after: "name="), !name.isEmpty {
                guard let answer = try context.answer(to: "step2", as: ElicitResult.self) else {
                    return Self.secondStep(of: name)
                }
                return .complete(.text("\(name) likes \(answer.given("color"))."))
            }
            guard let answer = try context.answer(to: "step1", as: ElicitResult.self) else {
                return .asking("step1", .form("Step 1: What is your name?", text: "name"), state: "first")
            }
            return Self.secondStep(of: answer.given("name"))
        }
    }

    private static func secondStep(of name: String) -> HandlerOutcome<ToolOutput> {
        .asking("step2", .form("Step 2: What is your favorite color?", text: "color"), state: "name=\(name)")
    }

    private static func questions(for capabilities: ClientCapabilities) -> [(key: String, request: InputRequest)] {
        var questions: [(key: String, request: InputRequest)] = []
        if capabilities.supportsFormElicitation {
            questions.append(("user_name", .form("What is your name?", text: "name")))
        }
        if capabilities.has(.sampling) {
            questions.append(("capital_question", .model("What is the capital of France?", maxTokens: 100)))
        }
        if capabilities.has(.roots) { questions.append(("client_roots", .roots)) }
        return questions
    }
}

extension String {
    fileprivate func value(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

extension ElicitResult {
    /// What the user filled in there, or what the user did instead.
    func given(_ name: String) -> String {
        content?[name]?.string ?? "(\(action?.rawValue ?? "no answer"))"
    }

    fileprivate var greeting: String { "Hello, \(given("name"))!" }
}
