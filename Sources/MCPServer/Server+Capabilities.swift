import JSON
public import MCP

extension Server {
    /// The capabilities that the server declares in a revision.
    public func capabilities(in revision: Revision) -> ServerCapabilities {
        var capabilities = ServerCapabilities()
        if !tools.isEmpty { capabilities.declare(.tools) }
        if !resources.isEmpty || !templates.isEmpty { capabilities.declare(.resources) }
        if !prompts.isEmpty { capabilities.declare(.prompts) }
        if !completions.isEmpty { capabilities.declare(.completions) }
        if logging.includes(revision) { capabilities.declare(.logging) }
        let kinds = changes?.kinds ?? []
        if kinds.contains(.tools) { capabilities.declare(.toolsListChanged) }
        if kinds.contains(.prompts) { capabilities.declare(.promptsListChanged) }
        if kinds.contains(.resources) { capabilities.declare(.resourcesListChanged) }
        if kinds.contains(.content) { capabilities.declare(.resourcesSubscribe) }
        if offersTasks {
            for path in [.tasksList, .tasksCancel, .tasksToolsCall] as [CapabilityPath] { capabilities.declare(path) }
            capabilities.declareExtension(.tasks)
        }
        if revision.has(.extensions) {
            for member in extensions.members {
                capabilities.declareExtension(ExtensionID(rawValue: member.key), settings: member.value.object ?? [:])
            }
        }
        return capabilities
    }

    /// The result of `server/discover`.
    var discovery: DiscoverResult {
        var result = DiscoverResult(
            supportedVersions: Revision.supported,
            capabilities: capabilities(in: .latest),
            instructions: instructions
        )
        result.meta = [MetaKey.serverInfo.rawValue: info.jsonValue]
        return result
    }
}

extension Revision {
    /// The revisions that a server supports, newest first: stateless requests and sessions.
    static let supported = Array(allCases.reversed())

    /// The names of the supported revisions.
    static let supportedVersions = supported.map(\.wireName)
}
