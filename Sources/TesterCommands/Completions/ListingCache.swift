import HostConfiguration
import JSON
import MCPClient
import Platform
import Tester

/// The names that targets have listed lately, for completions: one file per target, which only the user can read.
struct ListingCache: Sendable {
    /// The folder of the files.
    let directory: String
    /// The seconds since 1970.
    var now: @Sendable () -> Int = { time(nil) }

    /// How long names count, in seconds.
    static let lifetime = 300
    /// How long a target that listed nothing in time is left alone, in seconds.
    static let pause = 60

    private static let sizeLimit = 4 << 20

    /// The folder for caches of the user; nil if there is none.
    static func ofUser(_ surroundings: HostSurroundings) -> ListingCache? {
        let given = surroundings.variable("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard given != nil || surroundings.home != "/" else { return nil }
        let base = given ?? surroundings.home + (surroundings.isMac ? "/Library/Caches" : "/.cache")
        return ListingCache(directory: "\(base)/\(Program.name)")
    }

    /// What is known of a target.
    enum Content: Equatable {
        case names(ListedNames)
        /// The target listed nothing in time.
        case unreachable
    }

    // MARK: - Reading

    /// What is known of a target; nil if that is nothing, or too old.
    func content(for key: String) -> Content? {
        guard isPrivate(directory, type: S_IFDIR), isPrivate(path(key), type: S_IFREG) else { return nil }
        guard let value = object(at: path(key)), let written = value["written"]?.int else { return nil }
        let age = now() - written
        guard age >= 0 else { return nil }
        if value["unreachable"] == true { return age < Self.pause ? .unreachable : nil }
        return age < Self.lifetime ? .names(ListedNames(value)) : nil
    }

    /// The content of a file; nil if it cannot be used, because then it is as good as missing.
    private func object(at path: String) -> JSONValue? {
        do {
            return try JSONValue(parsing: try ConfigurationFile.read(path, limit: Self.sizeLimit))
        } catch {
            return nil
        }
    }

    // MARK: - Writing

    /// Keeps names; kinds that were not listed stay as they are.
    func keep(_ names: ListedNames, for key: String) {
        var all = names
        if case .names(let former)? = content(for: key) {
            all.entries.merge(former.entries) { new, _ in new }
        }
        write(all.json, for: key)
    }

    /// Notes that a target listed nothing in time.
    func noteUnreachable(_ key: String) {
        write(["unreachable": true], for: key)
    }

    /// A cache that cannot be written is not needed.
    private func write(_ object: JSONObject, for key: String) {
        guard makeDirectory() else { return }
        removeOutdated()
        var object = object
        object["written"] = JSONValue(now())
        do throws(FileProblem) {
            try ConfigurationFile.replace(path(key), with: Array(JSONValue.object(object).description.utf8))
        } catch {}
    }

    private func path(_ key: String) -> String { "\(directory)/\(key).json" }

    /// Whether a file is the user's own, and of no one else's concern.
    private func isPrivate(_ path: String, type: mode_t) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == type && status.st_uid == geteuid()
            && status.st_mode & 0o077 == 0
    }

    private func makeDirectory() -> Bool {
        if let slash = directory.lastIndex(of: "/"), slash > directory.startIndex {
            mkdir(String(directory[..<slash]), 0o700)
        }
        mkdir(directory, 0o700)
        return isPrivate(directory, type: S_IFDIR)
    }

    /// Removes files that no longer count, so that the names of a target are not kept.
    private func removeOutdated() {
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            var status = stat()
            guard name.hasSuffix(".json"), lstat("\(directory)/\(name)", &status) == 0 else { continue }
            #if canImport(Darwin)
            let written = status.st_mtimespec.tv_sec
            #else
            let written = status.st_mtim.tv_sec
            #endif
            if now() - Int(written) > Self.lifetime { unlink("\(directory)/\(name)") }
        }
    }
}

// MARK: - Form

extension ListedNames {
    fileprivate init(_ json: JSONValue) {
        self.init()
        for kind in ListKind.allCases {
            guard let list = json[kind.rawValue]?.array else { continue }
            entries[kind] = list.compactMap { entry in
                guard let name = entry["name"]?.string else { return nil }
                let arguments = (entry["arguments"]?.array ?? []).compactMap { argument -> Argument? in
                    guard let name = argument["name"]?.string else { return nil }
                    return Argument(
                        name: name,
                        description: argument["description"]?.string ?? "",
                        values: (argument["values"]?.array ?? []).compactMap(\.string)
                    )
                }
                return Entry(name: name, description: entry["description"]?.string ?? "", arguments: arguments)
            }
        }
    }

    fileprivate var json: JSONObject {
        var object = JSONObject()
        for kind in ListKind.allCases {
            guard let list = entries[kind] else { continue }
            object[kind.rawValue] = .array(
                list.map { entry in
                    let arguments: [JSONValue] = entry.arguments.map { argument in
                        [
                            "name": .string(argument.name), "description": .string(argument.description),
                            "values": .array(argument.values.map(JSONValue.string)),
                        ]
                    }
                    return [
                        "name": .string(entry.name), "description": .string(entry.description),
                        "arguments": .array(arguments),
                    ]
                }
            )
        }
        return object
    }
}
