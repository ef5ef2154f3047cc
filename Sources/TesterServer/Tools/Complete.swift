import JSON
import Tester

extension TesterTool {
    static let complete = TesterTool(
        "complete",
        title: "Complete",
        "Get the server's completions for an argument of a prompt or a variable of a resource template.",
        parameters: [
            "argument": parameter("string", "Argument name."),
            "value": parameter("string", "What was typed so far."),
            "prompt": parameter("string", "Prompt name. Give prompt or uri."),
            "uri": parameter("string", "Resource template, such as file:///{path}."),
            "context": parameter("object", "Arguments that are already filled in."),
            "connection_name": connectionName,
            "timeout": timeout,
        ],
        required: ["argument"],
        effect: .readsServer,
        result: [.object("completion")]
    ) { (session, input, _) throws(Failure) in
        let subject: TesterSession.CompletionSubject
        switch (input.string("prompt"), input.string("uri")) {
        case (let name?, nil): subject = .prompt(name)
        case (nil, let uri?): subject = .template(uri)
        default:
            throw .usage(
                "Give either `prompt` or `uri`.",
                nextStep: "Name the prompt, or the resource template as list_resource_templates shows it."
            )
        }
        return await session.complete(
            input.string("argument") ?? "",
            of: subject,
            value: input.string("value") ?? "",
            context: input.object("context"),
            on: input.string("connection_name"),
            limits: input.limits
        )
    }
}
