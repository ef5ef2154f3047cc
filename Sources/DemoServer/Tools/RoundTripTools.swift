import JSON
import MCP
import MCPServer

extension DemoServer {
    /// Adds the fixtures with several rounds, as defined by the conformance suite of 2026-07-28.
    func addRoundTripFixtures(to server: inout Server) throws {
        try addSingleRequests(to: &server)
        try addStates(to: &server)
        let streaming = Self.fixture("test_streaming_elicitation", "Report progress, then request input from the user.")
        try server.add(streaming) { context, _ in
            context.reportProgress(0, total: 1, message: "About to request input")
            try await pause()
            guard let answer = try context.inputResponse("user_name", as: ElicitResult.self) else {
                return .request("user_name", .form("What is your name?", text: "name"))
            }
            return .complete(.text("The user responded: \(answer.jsonValue)"))
        }
        let able = Self.fixture(
            "test_input_required_result_capabilities",
            "Request every kind of input that the client declares, and no other."
        )
        try server.add(able) { context, _ in
            let requests = Self.requests(for: context.caller.capabilities)
            let isComplete = requests.allSatisfy { context.inputResponses[$0.key] != nil }
            guard !isComplete else { return .complete(.text("Received \(requests.count) responses.")) }
            return .inputRequired(InputRequiredResult(requests))
        }
    }

    private func addSingleRequests(to server: inout Server) throws {
        let user = Self.fixture("test_input_required_result_elicitation", "Request a name from the user.")
        try server.add(user) { context, _ in
            guard let answer = try context.inputResponse("user_name", as: ElicitResult.self) else {
                return .request("user_name", .form("What is your name?", text: "name"))
            }
            return .complete(.text(answer.greeting))
        }
        let model = Self.fixture("test_input_required_result_sampling", "Request a message from the client's model.")
        try server.add(model) { context, _ in
            guard let answer = try context.inputResponse("capital_question", as: CreateMessageResult.self) else {
                return .request("capital_question", .model("What is the capital of France?", maxTokens: 100))
            }
            return .complete(.text(answer.text))
        }
        let roots = Self.fixture("test_input_required_result_list_roots", "Request the client's root directories.")
        try server.add(roots) { context, _ in
            guard let answer = try context.inputResponse("client_roots", as: ListRootsResult.self) else {
                return .request("client_roots", .roots)
            }
            return .complete(.text("Roots: \((answer.roots ?? []).compactMap(\.uri).joined(separator: ", "))"))
        }
    }

    private func addStates(to server: inout Server) throws {
        for (name, description) in [
            ("test_input_required_result_request_state", "Request a confirmation and keep state meanwhile."),
            ("test_input_required_result_tampered_state", "Request a confirmation and reject changed state."),
        ] {
            try server.add(Self.fixture(name, description)) { context, _ in
                guard context.requestState == "asked",
                    try context.inputResponse("confirm", as: ElicitResult.self) != nil
                else { return .request("confirm", .form("Please confirm", flag: "ok"), state: "asked") }
                return .complete(.text("state-ok"))
            }
        }
        let several = Self.fixture(
            "test_input_required_result_multiple_inputs",
            "Request three kinds of input at once."
        )
        try server.add(several) { context, _ in
            guard context.requestState == "asked",
                let user = try context.inputResponse("user_name", as: ElicitResult.self),
                let model = try context.inputResponse("greeting", as: CreateMessageResult.self),
                let roots = try context.inputResponse("client_roots", as: ListRootsResult.self)
            else {
                let requests: [(String, InputRequest)] = [
                    ("user_name", .form("What is your name?", text: "name")),
                    ("greeting", .model("Generate a greeting", maxTokens: 50)), ("client_roots", .roots),
                ]
                return .inputRequired(InputRequiredResult(requests, requestState: "asked"))
            }
            return .complete(.text("\(user.greeting) \(model.text) You have \(roots.roots?.count ?? 0) roots."))
        }
        let rounds = Self.fixture("test_input_required_result_multi_round", "Request a name, then a color.")
        try server.add(rounds) { context, _ in
            if let name = context.requestState?.value(after: "name="), !name.isEmpty {
                guard let answer = try context.inputResponse("step2", as: ElicitResult.self) else {
                    return Self.secondStep(of: name)
                }
                return .complete(.text("\(name) likes \(answer.given("color"))."))
            }
            guard let answer = try context.inputResponse("step1", as: ElicitResult.self) else {
                return .request("step1", .form("Step 1: What is your name?", text: "name"), state: "first")
            }
            return Self.secondStep(of: answer.given("name"))
        }
    }

    private static func secondStep(of name: String) -> HandlerOutcome<ToolOutput> {
        .request("step2", .form("Step 2: What is your favorite color?", text: "color"), state: "name=\(name)")
    }

    private static func requests(for capabilities: ClientCapabilities) -> [(key: String, request: InputRequest)] {
        var requests: [(key: String, request: InputRequest)] = []
        if capabilities.supportsFormElicitation {
            requests.append(("user_name", .form("What is your name?", text: "name")))
        }
        if capabilities.has(.sampling) {
            requests.append(("capital_question", .model("What is the capital of France?", maxTokens: 100)))
        }
        if capabilities.has(.roots) { requests.append(("client_roots", .roots)) }
        return requests
    }
}

extension String {
    fileprivate func value(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

extension ElicitResult {
    /// The value of a field, or the user's action if there is none.
    func given(_ name: String) -> String {
        content?[name]?.string ?? "(\(action?.rawValue ?? "no action"))"
    }

    fileprivate var greeting: String { "Hello, \(given("name"))!" }
}
