import HostConfiguration
import JSON
import MCPAuth
import MCPAuthServer
import Platform
import Tester

extension TesterTool {
    static let auditAuth = TesterTool(
        "audit_auth",
        title: "Audit authorization",
        "Determine which invalid tokens a server accepts. With a token, only forgeries are sent.",
        parameters: [
            "url": ["type": "string"],
            "auth": ["type": ["string", "object"], "description": "Valid token."],
            "other_token": parameter("string", "Token of another user."),
            "issuer": parameter("object", "Trusted issuer: {port, url, key_file, audience, scope}."),
            "headers": ["type": "object", "additionalProperties": ["type": "string"]],
            "insecure": ["type": "boolean"],
            "revoke": ["type": "boolean"],
        ],
        required: ["url"],
        effect: .mayDestroy(isIdempotent: false),
        result: [.list("audit")]
    ) { (session, input, _) throws(Failure) in
        let parsed = try await ConnectInput(input, limits: session.limits, surroundings: session.surroundings)
        let settings = try await input.issuer(for: input.string("url") ?? "")
        var report: Report
        if let settings {
            report = try await audit(parsed.request, by: settings, in: session, input)
        } else {
            report = try await session.auditAuth(
                parsed.request,
                other: input.string("other_token"),
                revokes: input.bool("revoke")
            )
        }
        report.findings += parsed.findings
        return report
    }

    /// Audits with an issuer that is served until the end.
    private static func audit(
        _ request: TesterSession.ConnectRequest,
        by settings: TestIssuer.Settings,
        in session: TesterSession,
        _ input: ToolInput
    ) async throws(Failure) -> Report {
        if let other = ["auth", "other_token", "revoke"].first(where: input.isGiven) {
            throw .usage("`issuer` excludes `\(other)`.", nextStep: "Omit one of them.")
        }
        let issuer: TestIssuer
        do throws(TestIssuer.Fault) {
            issuer = try await TestIssuer.start(settings, scheduler: session.clock) { Int64(time(nil)) }
        } catch {
            throw failure(error)
        }
        let result: Result<Report, Failure>
        do throws(Failure) {
            let audited = AuditIssuer(mint: issuer.mint, audience: settings.audience, scopes: settings.scopes)
            result = .success(try await session.auditAuth(request, issuer: audited))
        } catch {
            result = .failure(error)
        }
        await issuer.stop()
        var report = try result.get()
        var trusted: JSONObject = ["issuer": .string(issuer.mint.issuer), "audience": .string(settings.audience)]
        trusted["keys"] = issuer.keysURL.map(JSONValue.string)
        report.add("issuer", .object(trusted))
        return report
    }

    private static func failure(_ fault: TestIssuer.Fault) -> Failure {
        switch fault {
        case .incomplete:
            .usage("`issuer` has neither a port nor url and key_file.", nextStep: #"Give {"port": 0}, or both others."#)
        case .key(let failure): .usage("key_file of `issuer`: \(failure.message).", nextStep: failure.advice ?? "")
        case .port(let port, let reason):
            Failure(
                .transport,
                .transportError,
                "The issuer could not be served on port \(port): \(reason)",
                nextStep: "Choose another port, or stop the program that uses it."
            )
        }
    }
}

extension ToolInput {
    /// The issuer of test tokens; `nil` if none is given.
    fileprivate func issuer(for server: String) async throws(Failure) -> TestIssuer.Settings? {
        guard let given = object("issuer") else { return nil }
        let known: Set = ["port", "url", "key_file", "audience", "scope"]
        if let unknown = given.keys.first(where: { !known.contains($0) }) {
            throw .usage(
                "`issuer` has the unknown member \(JSONValue.string(unknown)).",
                nextStep: "Use \(known.sorted().joined(separator: ", "))."
            )
        }
        var settings = TestIssuer.Settings(
            port: given["port"]?.int,
            url: given["url"]?.string,
            key: nil,
            audience: given["audience"]?.string ?? server,
            scopes: ScopeSet(parsing: given["scope"]?.string ?? "")
        )
        if let path = given["key_file"]?.string {
            settings.key = try await offLoop { () throws(Failure) in try Self.text(of: path) }
        }
        return settings
    }

    private static func text(of path: String) throws(Failure) -> String {
        do throws(FileProblem) {
            return String(decoding: try ConfigurationFile.read(path), as: UTF8.self)
        } catch {
            throw .usage("key_file of `issuer`: \(path) cannot be read: \(error).", nextStep: "Give a PEM file.")
        }
    }
}
