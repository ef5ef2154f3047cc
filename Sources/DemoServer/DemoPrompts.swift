import MCP
import MCPServer

extension DemoServer {
    /// Adds a prompt for newcomers and, if requested, the fixtures of the conformance suite.
    func addPrompts(to server: inout Server) {
        addSummarize(to: &server)
        guard includesFixtures else { return }
        addFixtures(to: &server)
        addInputFixture(to: &server)
    }

    private func addSummarize(to server: inout Server) {
        let styles = ["bullets", "one sentence", "rhyme"]
        var prompt = Prompt(
            name: "summarize",
            description: "Summarize a text.",
            arguments: [
                PromptArgument(name: "text", description: "The text to summarize.", required: true),
                PromptArgument(
                    name: "style",
                    description: "The style of the summary: \(styles.joined(separator: ", ")).",
                    required: false
                ),
            ]
        )
        prompt.title = "Summarize"
        server.add(prompt) { _, arguments in
            let style = arguments["style"].map { " Style: \($0)." } ?? ""
            return .complete(Self.message(.text("Summarize this text.\(style)\n\n\(arguments["text"] ?? "")")))
        }
        server.add(completionOf: "style", in: .prompt("summarize")) { _, params in
            styles.beginning(with: params.argument?.value)
        }
    }

    private func addFixtures(to server: inout Server) {
        let simple = Prompt(name: "test_simple_prompt", description: "Conformance fixture. Return one message.")
        server.add(simple) { _, _ in
            .complete(Self.message(.text("This is a simple prompt for testing.")))
        }
        let withArguments = Prompt(
            name: "test_prompt_with_arguments",
            description: "Conformance fixture. Return a message that contains the arguments.",
            arguments: [
                PromptArgument(name: "arg1", description: "The first argument.", required: true),
                PromptArgument(name: "arg2", description: "The second argument.", required: true),
            ]
        )
        server.add(withArguments) { _, arguments in
            let words = ["arg1", "arg2"].map { "\($0)='\(arguments[$0] ?? "")'" }.joined(separator: ", ")
            return .complete(Self.message(.text("Prompt with arguments: \(words)")))
        }
        server.add(completionOf: "arg1", in: .prompt("test_prompt_with_arguments")) { _, params in
            ["paris", "park", "party"].beginning(with: params.argument?.value)
        }
        let withResource = Prompt(
            name: "test_prompt_with_embedded_resource",
            description: "Conformance fixture. Return a message with an embedded resource.",
            arguments: [PromptArgument(name: "resourceUri", description: "The URI of the resource.", required: true)]
        )
        server.add(withResource) { _, arguments in
            let contents = ResourceContents(
                uri: arguments["resourceUri"] ?? "",
                mimeType: "text/plain",
                text: "Embedded resource content for testing."
            )
            return .complete(
                GetPromptResult(messages: [
                    PromptMessage(role: .user, content: .resource(contents)),
                    PromptMessage(role: .user, content: .text("Please process the embedded resource above.")),
                ])
            )
        }
        let withImage = Prompt(
            name: "test_prompt_with_image",
            description: "Conformance fixture. Return a message with an image."
        )
        server.add(withImage) { _, _ in
            .complete(
                GetPromptResult(messages: [
                    PromptMessage(role: .user, content: .image(data: Samples.image, mimeType: "image/png")),
                    PromptMessage(role: .user, content: .text("Please analyze the image above.")),
                ])
            )
        }
    }

    private func addInputFixture(to server: inout Server) {
        let prompt = Prompt(
            name: "test_input_required_result_prompt",
            description: "Conformance fixture. Request the context from the user."
        )
        server.add(prompt) { context, _ in
            guard let answer = try context.inputResponse("user_context", as: ElicitResult.self) else {
                return .request("user_context", .form("What context should the prompt use?", text: "context"))
            }
            return .complete(Self.message(.text("The context is: \(answer.given("context"))")))
        }
    }

    private static func message(_ content: ContentBlock) -> GetPromptResult {
        GetPromptResult(messages: [PromptMessage(role: .user, content: content)])
    }
}
