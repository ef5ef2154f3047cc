/// Writes an entry to a host's configuration file, or removes it.
public struct Installation: Sendable {
    /// The host.
    public let host: Host
    /// The absolute path of the file.
    public let path: String
    /// The entry.
    public let entry: ServerEntry
    private let keys: [String]

    /// What to do.
    public enum Action: Sendable {
        case add
        case remove
    }

    /// What the file will be.
    public struct Plan: Sendable {
        /// The present content; nil if there is no file.
        public let before: [UInt8]?
        /// The new content; nil if nothing changes.
        public let after: [UInt8]?
    }

    /// Why nothing was changed.
    public enum Fault: Error, Sendable {
        case file(FileProblem)
        /// The file is broken, or has something else in the entry's place.
        case content(HostScan.Fault)
    }

    /// Creates an installation.
    ///
    /// - Parameters:
    ///   - host: The host.
    ///   - entry: The entry.
    ///   - isForProject: Whether to use the project's file instead of the user's.
    ///   - file: Another file of the host's format.
    /// - Returns: nil if the host has no such file.
    public init?(
        _ host: Host,
        _ entry: ServerEntry,
        isForProject: Bool = false,
        file: String? = nil,
        in surroundings: HostSurroundings
    ) {
        let scope: Host.Scope = isForProject ? .project : .user
        guard let location = host.locations.first(where: { $0.scope == scope }) else { return nil }
        let candidates = surroundings.candidates(for: location).map(\.path)
        let existing = candidates.first(where: HostSurroundings.exists)
        guard let usual = existing ?? (isForProject ? candidates.last : candidates.first) else { return nil }
        self.host = host
        self.entry = entry
        path = file.map { surroundings.absolute($0) } ?? usual
        keys = location.keys
    }

    /// Where the old content is kept when the file changes.
    public var backup: String { "\(path).before-mcp-test-mcp" }

    /// What would be written.
    public func plan(_ action: Action) throws(Fault) -> Plan {
        let before = try content(of: path)
        return switch action {
        case .add: Plan(before: before, after: try adding(to: before ?? []))
        case .remove:
            Plan(before: before, after: try before.map { (bytes) throws(Fault) in try removing(from: bytes) } ?? nil)
        }
    }

    /// Writes the new content in one step and keeps the old one.
    public func carryOut(_ plan: Plan) throws(Fault) {
        guard let after = plan.after else { return }
        do throws(FileProblem) {
            try ConfigurationFile.replace(path, with: after, backup: backup)
        } catch {
            throw .file(error)
        }
    }

    private func content(of path: String) throws(Fault) -> [UInt8]? {
        do throws(FileProblem) {
            return try ConfigurationFile.read(path)
        } catch .missing {
            return nil
        } catch {
            throw .file(error)
        }
    }

    private func adding(to bytes: [UInt8]) throws(Fault) -> [UInt8]? {
        try editing(bytes) { (document) throws(ConfigurationError) in
            switch document.format {
            case .json: try JSONEditor(document: document, path: keys).adding(entry, prefix: host.entryPrefix)
            case .toml: try TOMLEditor(document: document, path: keys).adding(entry)
            }
        }
    }

    private func removing(from bytes: [UInt8]) throws(Fault) -> [UInt8]? {
        // If the backup is the file without the entry, it also has the former empty lines and braces.
        if let former = try content(of: backup), isWithoutEntry(former, of: bytes) { return former }
        return try editing(bytes) { (document) throws(ConfigurationError) in
            switch document.format {
            case .json: try JSONEditor(document: document, path: keys).removing(entry.name)
            case .toml: try TOMLEditor(document: document, path: keys).removing(entry.name)
            }
        }
    }

    /// Whether a backup becomes the present content when the entry is added.
    private func isWithoutEntry(_ former: [UInt8], of bytes: [UInt8]) -> Bool {
        do throws(Fault) {
            return try adding(to: former) == bytes
        } catch {
            // A backup that cannot be edited is not what the entry was added to.
            return false
        }
    }

    private func editing(
        _ bytes: [UInt8],
        _ edit: (ConfigurationDocument) throws(ConfigurationError) -> [UInt8]?
    ) throws(Fault) -> [UInt8]? {
        do throws(ConfigurationError) {
            let document = try ConfigurationDocument(try ConfigurationText(bytes), format: host.format)
            guard let edited = try edit(document) else { return nil }
            // Never write what cannot be read again.
            _ = try ConfigurationDocument(try ConfigurationText(edited), format: host.format)
            return edited
        } catch {
            let text = ConfigurationText(String(decoding: bytes, as: UTF8.self))
            throw .content(
                HostScan.Fault(
                    message: error.message,
                    place: text.place(at: error.offset),
                    excerpt: text.excerpt(at: error.offset)
                )
            )
        }
    }
}
