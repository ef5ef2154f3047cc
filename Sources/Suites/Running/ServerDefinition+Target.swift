import MCPHTTPClient
import Platform
import Tester

extension ServerDefinition {
    /// The server as it is reached, with relative paths resolved against the folder of the suite.
    ///
    /// - Parameters:
    ///   - folder: The folder of the suite, absolute.
    ///   - executable: The program that serves the demo server.
    /// - Throws: ``Failure`` if there is no such file, or the URL is malformed.
    func target(in folder: String, executable: String) throws(Failure) -> Target {
        let directory = workingDirectory.map { Self.absolute($0, in: folder) } ?? folder
        switch way {
        case .command(let words) where words[0] == "demo":
            let resolver = TargetResolver(directory: directory, executable: executable)
            return try resolver.resolve(
                "demo",
                arguments: Array(words.dropFirst()),
                environment: environment,
                workingDirectory: directory
            )
        case .command(let words):
            let command = words[0].contains("/") ? Self.absolute(words[0], in: folder) : words[0]
            return Target(
                command: command,
                arguments: Array(words.dropFirst()),
                environment: environment,
                workingDirectory: directory
            )
        case .target(let text):
            return try resolve(text, in: directory, executable: executable)
        }
    }

    private func resolve(_ text: String, in directory: String, executable: String) throws(Failure) -> Target {
        let resolver = TargetResolver(directory: directory, executable: executable)
        if TargetResolver.isURL(text) {
            let endpoint = HTTPEndpoint(url: text, headers: headers, transport: transport, proxy: .ofProcess)
            return try resolver.resolve(text, endpoint: endpoint)
        }
        return try resolver.resolve(text, environment: environment, workingDirectory: directory)
    }

    static func absolute(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : path == "." ? folder : "\(folder)/\(path)"
    }

    /// The folder of a file, absolute.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return currentDirectory }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        return folder.hasPrefix("/") ? folder : "\(currentDirectory)/\(folder)"
    }

    static var currentDirectory: String {
        guard let buffer = getcwd(nil, 0) else { return "/" }
        defer { free(buffer) }
        return String(cString: buffer)
    }
}
