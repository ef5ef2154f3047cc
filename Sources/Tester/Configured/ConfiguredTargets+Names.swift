import HostConfiguration

extension ConfiguredTargets {
    /// The servers that count, each by a name that no other has, with the name of its host.
    public var servers: [(name: String, hostName: String)] {
        let servers = effective
        return servers.map { server in
            let isUnique = servers.count { $0.name == server.name } == 1
            return (isUnique ? server.name : server.qualifiedName, server.hostName)
        }
    }
}
