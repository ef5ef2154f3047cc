import JSON
import Tester

extension TesterTool {
    static let skills = TesterTool(
        "skills",
        title: "Skills",
        """
        List the server's skills (io.modelcontextprotocol/skills), get and verify one, or read a directory.
        """,
        parameters: [
            "action": choice(["list", "get", "directory"]),
            "uri": parameter("string", "URI of the SKILL.md or of the directory."),
            "connection_name": connectionName,
            "timeout": timeout,
        ],
        required: ["action"],
        effect: .readsServer,
        result: [.optional("skills", "array"), .optional("skill", "object", "null"), .optional("resources", "array")]
    ) { (session, input, _) throws(Failure) in
        let name = input.string("connection_name")
        if input.string("action") == "list" { return await session.listSkills(on: name, limits: input.limits) }
        guard let uri = input.string("uri") else {
            throw .usage(
                "Missing `uri`.",
                nextStep: "Give the URI of a SKILL.md or directory; `list` shows the skills."
            )
        }
        return input.string("action") == "get"
            ? await session.getSkill(uri, on: name, limits: input.limits)
            : await session.readDirectory(uri, on: name, limits: input.limits)
    }
}
