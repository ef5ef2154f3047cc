import AsyncRuntime
import JSON
import MCP
import MCPAuth
import MCPHTTPServer
import Platform
import Synchronization
import TestSupport
import Testing

@testable import Conformance
@testable import MCPAuthServer

/// The checks of authorization, against the demo server with its own issuer.
@Suite(.timeLimit(.minutes(5)))
struct AuthorizationCheckTests {
    /// A fault of the server, or one in what it sends, and the check that finds it.
    struct Fault: Sendable, CustomTestStringConvertible {
        let row: String
        var revision = Revision.v2026_07_28
        var fault: AuthFault?
        var mutation: Mutation?
        /// Other checks that see the same fault.
        var also: Set<String> = []

        var testDescription: String { "\(row) \(fault?.rawValue ?? "changed")" }
    }

    private static let legacy = Revision.v2025_11_25
    private static let modern = Revision.v2026_07_28

    static let faults = [
        Fault(
            row: "S380",
            fault: .acceptsNoToken,
            also: ["S382", "S383", "S384", "S385", "S387", "S391", "S393", "S395", "S396"]
        ),
        Fault(row: "S381", revision: .v2025_06_18, fault: .noChallenge),
        Fault(row: "S382", fault: .noResourceMetadata, also: ["S383", "S391", "S393", "S395", "S396"]),
        Fault(row: "S383", fault: .otherResource),
        Fault(row: "S384", fault: .noChallenge),
        Fault(
            row: "S385",
            mutation: .http("S385") { _, sent, head in
                if sent.field("Authorization") == "Bearer garbage.token.value" { head.status = 200 }
            }
        ),
        Fault(row: "S387", fault: .acceptsQueryToken),
        Fault(
            row: "S391",
            mutation: document("S391", "authorization_servers", ["scopes_supported"], ["offline_access"])
        ),
        Fault(row: "S392", revision: legacy, fault: .acceptsSessionWithoutToken),
        Fault(row: "S393", fault: .noServerMetadata, also: ["S395", "S396"]),
        Fault(row: "S393", fault: .wrongIssuer),
        Fault(row: "S393", fault: .noS256),
        Fault(
            row: "S395",
            mutation: document("S395", "issuer", ["authorization_response_iss_parameter_supported"], nil)
        ),
        Fault(row: "S396", mutation: document("S396", "issuer", ["client_id_metadata_document_supported"], nil)),
    ]

    /// Changes a document of metadata, which is known by one of its members.
    private static func document(_ row: String, _ member: String, _ path: [String], _ value: JSONValue?) -> Mutation {
        Mutation(row: row, revision: modern, isHTTP: true) { request, message in
            request == .null && message[member] != nil ? [message.setting(path, value)] : [message]
        }
    }

    @Test(arguments: faults)
    func aFaultInAuthorizationIsFound(_ fault: Fault) async throws {
        let broken = try await violations(in: fault.revision, fault.fault.map { [$0] } ?? [], fault.mutation)
        #expect(broken.contains { $0.hasPrefix(fault.row) }, "\(broken)")
        let others = broken.filter { text in
            !text.hasPrefix(fault.row) && !fault.also.contains { text.hasPrefix($0) }
        }
        #expect(others.isEmpty, "\(others)")
    }

    @Test(arguments: [Revision.v2025_03_26, .v2025_06_18, legacy, modern])
    func theDemoServerDemandsAuthorizationAsItShould(_ revision: Revision) async throws {
        let broken = try await violations(in: revision, [], nil)
        #expect(broken.isEmpty, "\(broken)")
    }

    /// What the checks of authorization find.
    private func violations(in revision: Revision, _ faults: Set<AuthFault>, _ mutation: Mutation?) async throws
        -> [String]
    {
        let issuers = Mutex<[DemoIssuer]>([])
        let now: @Sendable () -> Int64 = { Int64(time(nil)) }
        let change = { (options: inout HTTPServerOptions) in
            options.authorizationFaults = faults.ofServer
            options.makeSite = { url in
                do {
                    let made = try DemoIssuer.site(
                        at: url,
                        faults: faults,
                        http: { _ async throws(AuthHTTPFailure) in throw AuthHTTPFailure("there is no network")
                        },
                        clock: PollLoop.shared,
                        now: now
                    )
                    issuers.withLock { $0.append(made.issuer) }
                    return made.site
                } catch {
                    preconditionFailure("\(error)")
                }
            }
        }
        return try await SoundServer.serving(change) { url in
            let mint = try #require(issuers.withLock { $0.first }).mint
            let claims = mint.claims(
                .init(
                    subject: "tester",
                    client: "machine",
                    audience: url,
                    scopes: ScopeSet([DemoIssuer.scope]),
                    issuedAt: now()
                )
            )
            var options = ConformanceOptions()
            options.revision = revision
            options.only = Set(Check.authorization.map(\.row))
            let server = SoundServer.http(at: url, mutation, token: try mint.sign(claims))
            let result = try await ConformanceRun(server, options: options).run()
            #expect(result.revisions == [revision])
            #expect(result.named("pass").count + result.failures.count + result.warnings.count > 2)
            return (result.failures + result.warnings).map { "\($0.check.row) \($0.verdict.message ?? "")" }
        }
    }
}
