import JSON
import MCP
import Testing

/// Checks the revision table against the official schemas.
@Suite(.enabled(if: SharedData.isThere, "the official schemas are not beside this package"))
struct RevisionTableTests {
    @Test(arguments: Revision.allCases)
    func requestsAreThoseOfTheSchema(revision: Revision) throws {
        let schema = try OfficialSchema(of: revision)
        #expect(methods(of: revision, .clientToServer) == Set(schema.messages("ClientRequest").keys))
        #expect(methods(of: revision, .serverToClient) == Set(schema.messages("ServerRequest").keys))
        #expect(methods(of: revision, .inResult) == Set(schema.messages("InputRequest").keys))
    }

    @Test(arguments: Revision.allCases)
    func notificationsAreThoseOfTheSchema(revision: Revision) throws {
        let schema = try OfficialSchema(of: revision)
        #expect(notifications(of: revision, .clientToServer) == Set(schema.messages("ClientNotification").keys))
        #expect(notifications(of: revision, .serverToClient) == Set(schema.messages("ServerNotification").keys))
    }

    @Test(arguments: Revision.allCases)
    func capabilitiesAreThoseOfTheSchema(revision: Revision) throws {
        let schema = try OfficialSchema(of: revision)
        let client = try #require(schema["ClientCapabilities"])
        let server = try #require(schema["ServerCapabilities"])
        #expect(revision.profile.clientCapabilities == Set(schema.properties(client).keys))
        #expect(revision.profile.serverCapabilities == Set(schema.properties(server).keys))
    }

    @Test(arguments: Revision.allCases)
    func neededCapabilitiesExist(revision: Revision) {
        let profile = revision.profile
        let known = profile.clientCapabilities.union(profile.serverCapabilities)
        for rule in Array(profile.methods.values) + Array(profile.notifications.values) {
            guard let capability = rule.capability else { continue }
            #expect(capability.names.first.map(known.contains) ?? false, "\(revision) has no \(capability)")
        }
    }

    @Test(arguments: Revision.allCases)
    func contentKindsAreThoseOfTheSchema(revision: Revision) throws {
        let schema = try OfficialSchema(of: revision)
        let result = try #require(schema["CallToolResult"])
        let content = try #require(schema.properties(result)["content"])
        #expect(Set(revision.profile.contentKinds.map(\.rawValue)) == schema.constants(of: "type", in: content))
        let message = try #require(schema["SamplingMessage"])
        let spoken = try #require(schema.properties(message)["content"])
        #expect(Set(revision.profile.samplingContentKinds.map(\.rawValue)) == schema.constants(of: "type", in: spoken))
    }

    @Test(arguments: Revision.allCases)
    func errorCodesOfTheSchemaHaveAMeaningAndAName(revision: Revision) throws {
        let schema = try OfficialSchema(of: revision)
        let codes = schema.definitions.members.compactMap { definition -> Int? in
            let properties = schema.properties(definition.value)
            let error = properties["error"].map(schema.properties) ?? properties
            return error["code"]?["const"]?.int
        }
        for code in codes.map(ErrorCode.init(rawValue:)) {
            #expect(revision.profile.meaning(of: code) != nil)
            #expect(code.name != nil)
        }
        if revision == .v2026_07_28 {
            #expect(Set(codes) == Set(revision.profile.errorMeanings.keys.map(\.rawValue)))
        }
    }

    private func methods(of revision: Revision, _ direction: Direction) -> Set<String> {
        Set(revision.profile.methods.keys.filter { revision.profile.allows($0, direction) }.map(\.rawValue))
    }

    private func notifications(of revision: Revision, _ direction: Direction) -> Set<String> {
        let profile = revision.profile
        return Set(profile.notifications.keys.filter { profile.allows(notification: $0, direction) }.map(\.rawValue))
    }
}
