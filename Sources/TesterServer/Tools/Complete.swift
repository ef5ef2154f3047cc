import JSON
import Tester

extension TesterTool {
    static let complete = TesterTool(
        "complete",
        title: "Complete an argument",
        "Get the connected server's completions for an argument of a prompt or a variable of a resource template.",
        parameters: [
            "argument": required("string", "Name of the argument or variable."),
            "value": optional("string", "What was typed so far (default: nothing)."),
            "prompt": optional("string", "Prompt name. Give prompt or uri."),
            "uri": optional("string", "Resource template, such as file:///{path}."),
            "context": optional("object", "Arguments that are already filled in."),
            "connection_name": connectionName,
            "timeout": timeout,
        ],
        required: ["argument"],
        effect: .readsServer
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
