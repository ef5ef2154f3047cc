import Platform
import TextUtilities

/// Whether a configured program exists, and what may have been meant otherwise.
public struct CommandSearch: Sendable, Hashable {
    /// The path of the program; nil if it does not exist or is not executable.
    public let path: String?
    /// Whether the program exists and is executable.
    public var isFound: Bool { path != nil }
    /// The program that was probably meant, if it was not found.
    public let suggestion: String?

    /// Looks for a program as the system would when starting it.
    ///
    /// - Parameters:
    ///   - command: A path, or a name to be found in `PATH`.
    ///   - path: The value of `PATH`.
    ///   - directory: The working directory of the program.
    public init(_ command: String, path: String?, directory: String) {
        let search = (path ?? "/usr/bin:/bin").split(separator: ":").map(String.init)
        if command.contains("/") {
            let absolute = command.hasPrefix("/") ? command : "\(directory)/\(command)"
            self.path = Self.isExecutable(absolute) ? absolute : nil
            suggestion = self.path != nil ? nil : Self.near(absolute, in: search)
        } else {
            self.path = search.lazy.map { "\($0)/\(command)" }.first(where: Self.isExecutable)
            suggestion = self.path != nil ? nil : Self.nearName(command, in: search)
        }
    }

    /// A file of the same name in `PATH`, or one with a similar name in the same directory.
    private static func near(_ path: String, in search: [String]) -> String? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        let name = String(path[path.index(after: slash)...])
        if let directory = search.first(where: { isExecutable("\($0)/\(name)") }) { return "\(directory)/\(name)" }
        let directory = String(path[..<slash])
        return nearest(name, among: names(in: directory).filter { isExecutable("\(directory)/\($0)") }).map {
            "\(directory)/\($0)"
        }
    }

    private static func nearName(_ name: String, in search: [String]) -> String? {
        let alternatives = ["python": ["python3"], "python3": ["python"], "node": ["nodejs"], "pip": ["pip3"]]
        for other in alternatives[name] ?? [] where search.contains(where: { isExecutable("\($0)/\(other)") }) {
            return other
        }
        // A far-fetched name would mislead: one letter more or less, or two swapped.
        let names = Set(search.flatMap(names(in:))).filter { abs($0.utf8.count - name.utf8.count) <= 1 }
        return nearest(name, among: names.sorted())
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                        String(cString: $0)
                    }
                }
            )
        }
        return names
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
