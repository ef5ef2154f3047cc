import HostConfiguration
import JSON
import Platform
import Tester

/// The cases of a folder that failed when they last ran, kept among the caches of the user.
///
/// A run of some cases, such as a shard, changes nothing for the others.
struct LastRun: Sendable {
    private let path: String

    /// Creates the record in a file.
    init(path: String) {
        self.path = path
    }

    /// Creates the record of the working directory; nil if the user has no folder for caches.
    init?(in context: CommandContext) {
        let surroundings = context.surroundings()
        let given = surroundings.variable("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard given != nil || surroundings.home != "/" else { return nil }
        let base = given ?? surroundings.home + (surroundings.isMac ? "/Library/Caches" : "/.cache")
        // FNV-1a: the name need only differ between folders.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in surroundings.directory.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        path = "\(base)/\(Program.name)/runs/\(String(hash, radix: 16)).json"
    }

    /// The ids of the cases; nil if no run is known.
    var failed: Set<String>? {
        do {
            let value = try JSONValue(parsing: try ConfigurationFile.read(path, limit: 16 << 20))
            return (value["failed"]?.array).map { Set($0.compactMap(\.string)) }
        } catch {
            return nil
        }
    }

    /// Keeps the outcome of a run; cases that did not run stay as they were.
    func keep(failed: [String], passed: [String]) {
        // A cache that cannot be written is not needed.
        do throws(FileProblem) {
            try ConfigurationFile.makeDirectories(above: path)
            let lock = lock()
            defer { if lock >= 0 { close(lock) } }
            var all = self.failed ?? []
            all.subtract(passed)
            all.formUnion(failed)
            let value: JSONValue = ["failed": .array(all.sorted().map(JSONValue.string))]
            try ConfigurationFile.replace(path, with: Array(value.description.utf8))
        } catch {}
    }

    /// Locks the record, because shards that run at the same time change it, too.
    ///
    /// - Returns: A descriptor; closing it unlocks the record. Negative if the lock file cannot be opened.
    private func lock() -> Int32 {
        let descriptor = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        while descriptor >= 0, flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        return descriptor
    }
}
