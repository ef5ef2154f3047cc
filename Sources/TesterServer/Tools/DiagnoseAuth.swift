import JSON
import MCPAuth
import Tester

extension TesterTool {
    static let diagnoseAuth = TesterTool(
        "diagnose_auth",
        title: "Diagnose authorization",
        "Determine why authorization at a server fails, and what to fix first.",
        parameters: [
            "url": ["type": "string"],
            "auth": parameter("string", "Token to try."),
            "headers": ["type": "object", "additionalProperties": ["type": "string"]],
            "host": choice(HostProfile.all.map(\.id), "Host to try."),
            "register": parameter("boolean", "Register a client, which stays there."),
            "insecure": ["type": "boolean"],
        ],
        required: ["url"],
        effect: .changes(isIdempotent: false),
        result: [.list("problems")]
    ) { (session, input, _) throws(Failure) in
        let parsed = try await ConnectInput(input, limits: session.limits, surroundings: session.surroundings)
        var report = try await session.diagnoseAuth(
            parsed.request,
            as: input.string("host").flatMap(HostProfile.named),
            registers: input.bool("register")
        )
        report.findings += parsed.findings
        return report
    }
}
