/// What was found in the configuration files of hosts.
public struct HostScan: Sendable {
    /// A file that exists.
    public struct File: Sendable {
        /// The id of the host.
        public let hostID: String
        /// The host's name for people.
        public let hostName: String
        /// For whom it is.
        public let scope: Host.Scope?
        /// Its absolute path.
        public let path: String
        /// The number of servers in it.
        public internal(set) var count = 0
        /// Why it cannot be used; nil if it can.
        public internal(set) var fault: Fault?
    }

    /// Why a file cannot be used.
    public struct Fault: Sendable, Hashable {
        /// What is wrong.
        public var message: String
        /// Where; nil if the file could not be read at all.
        public var place: ConfigurationPlace?
        /// The line with a caret below the fault.
        public var excerpt: String?
    }

    /// The files that exist, in the order of the hosts.
    public private(set) var files: [File] = []
    /// The servers in all of them.
    public private(set) var servers: [ConfiguredServer] = []
    /// The paths that were looked for, with their hosts.
    public private(set) var candidates: [(hostName: String, path: String)] = []

    /// Reads the files of all known hosts.
    public init(in surroundings: HostSurroundings) {
        for host in Host.all {
            var documents: [String: Result<ConfigurationDocument, Problem>] = [:]
            let ofUser = host.locations.filter { $0.scope != .project }
                .flatMap { surroundings.candidates(for: $0).map(\.path) }
            for location in host.locations {
                for (path, project) in surroundings.candidates(for: location) {
                    // In the home directory, the file of the user is not one of a project.
                    if location.scope == .project, ofUser.contains(path) { continue }
                    if !candidates.contains(where: { $0.path == path }) { candidates.append((host.name, path)) }
                    let document = documents[path] ?? Self.document(path, host.format)
                    documents[path] = document
                    add(document, host, location, path, project ?? surroundings.projects.first, surroundings)
                    // Only the nearest file of a project counts.
                    if case .failure(.file(.missing)) = document { continue }
                    break
                }
            }
        }
        markShadowed(surroundings)
    }

    /// Reads one file that the user names.
    public init(_ path: String, in surroundings: HostSurroundings) {
        let path = surroundings.absolute(path)
        candidates = [("the given file", path)]
        let owner = Host.owner(of: path)
        let format: ConfigurationDocument.Format = path.hasSuffix(".toml") ? .toml : .json
        let host = owner?.host ?? Host.file(format)
        let document = Self.document(path, host.format)
        if let owner {
            // The user's file and the project's may have the same name.
            let usual = owner.locations.filter { location in
                surroundings.candidates(for: location).contains { $0.path == path }
            }
            let others = owner.locations.filter { $0.keys == owner.locations[0].keys }.prefix(1)
            for location in usual.isEmpty ? Array(others) : usual {
                let length = location.path.count - "{project}".count
                let project = location.path.hasPrefix("{project}") ? String(path.dropLast(length)) : nil
                add(document, host, location, path, project ?? surroundings.projects.first, surroundings)
            }
        } else {
            var location = HostLocation(scope: .user, path: path, keys: [])
            if case .success(let document) = document {
                location.keys = Host.serverKeys.first { document.node(at: $0) != nil } ?? Host.serverKeys[0]
                location.inputKeys = location.keys.dropLast() + ["inputs"]
            }
            let directory = path.lastIndex(of: "/").map { String(path[..<$0]) }
            add(document, host, location, path, directory, surroundings, isNamed: true)
        }
        if case .success(let document) = document, servers.isEmpty, files.allSatisfy({ $0.fault == nil }) {
            noteMissingServers(document, path)
        }
        markShadowed(surroundings)
    }

    private enum Problem: Error {
        case file(FileProblem)
        case content(ConfigurationError, [UInt8])
    }

    private static func document(
        _ path: String,
        _ format: ConfigurationDocument.Format
    ) -> Result<ConfigurationDocument, Problem> {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try ConfigurationFile.read(path)
        } catch {
            return .failure(.file(error))
        }
        do throws(ConfigurationError) {
            return .success(try ConfigurationDocument(try ConfigurationText(bytes), format: format))
        } catch {
            return .failure(.content(error, bytes))
        }
    }

    private mutating func add(
        _ result: Result<ConfigurationDocument, Problem>,
        _ host: Host,
        _ location: HostLocation,
        _ path: String,
        _ project: String?,
        _ surroundings: HostSurroundings,
        isNamed: Bool = false
    ) {
        var file = File(hostID: host.id, hostName: host.name, scope: isNamed ? nil : location.scope, path: path)
        switch result {
        case .failure(.file(.missing)): return
        case .failure(.file(let problem)): file.fault = Fault(message: "\(problem)", place: nil, excerpt: nil)
        case .failure(.content(let error, let bytes)):
            file.fault = Self.fault(error, ConfigurationText(String(decoding: bytes, as: UTF8.self)))
        case .success(let document):
            let isProjects = location.scope == .project || location.scope == .local || isNamed
            let reader = EntryReader(
                document: document,
                host: host,
                scope: file.scope,
                path: path,
                project: isProjects ? project : nil,
                inputs: Self.inputs(document.node(at: location.inputKeys))
            )
            do throws(ConfigurationError) {
                for keys in Self.keys(of: location, surroundings) {
                    let found = try reader.servers(at: keys)
                    file.count += found.count
                    servers += found
                    if !found.isEmpty { break }
                }
            } catch {
                file.fault = Self.fault(error, document.text)
            }
        }
        // A file with several locations is one file.
        if let index = files.firstIndex(where: { $0.path == path }) {
            files[index].count += file.count
            if files[index].fault == nil { files[index].fault = file.fault }
        } else {
            files.append(file)
        }
    }

    private static func fault(_ error: ConfigurationError, _ text: ConfigurationText) -> Fault {
        Fault(
            message: error.message,
            place: text.place(at: error.offset),
            excerpt: text.excerpt(at: error.offset)
        )
    }

    /// The paths of keys of a location: one for each directory that may be the project.
    private static func keys(of location: HostLocation, _ surroundings: HostSurroundings) -> [[String]] {
        guard location.keys.contains("{project}") else { return [location.keys] }
        return surroundings.projects.map { project in location.keys.map { $0 == "{project}" ? project : $0 } }
    }

    private static func inputs(_ node: ConfigurationNode?) -> [InputDefinition] {
        (node?.elements ?? []).compactMap { input in
            guard let id = input["id"]?.string else { return nil }
            return InputDefinition(
                id: id,
                description: input["description"]?.string,
                defaultValue: input["default"]?.string
            )
        }
    }

    /// Reports that a named file has no servers, and where they would be.
    private mutating func noteMissingServers(_ document: ConfigurationDocument, _ path: String) {
        let keys = Host.serverKeys.map { "`\($0.joined(separator: "."))`" }
        guard document.root == nil || Host.serverKeys.allSatisfy({ document.node(at: $0) == nil }),
            let index = files.indices.first
        else { return }
        files[index].fault = Fault(
            message: document.root == nil
                ? "the file is empty"
                : "the file has no servers: expected \(keys.dropLast().joined(separator: ", ")) or \(keys[keys.count - 1])",
            place: nil,
            excerpt: nil
        )
    }

    /// Marks servers that their host ignores because another of the same name comes first.
    private mutating func markShadowed(_ surroundings: HostSurroundings) {
        var first: [String: String] = [:]
        for index in servers.indices {
            let server = servers[index]
            if let other = first[server.qualifiedName] {
                servers[index].shadowedBy = other
            } else {
                first[server.qualifiedName] = "\(surroundings.shortened(server.path)):\(server.place.line)"
            }
        }
    }
}
