public import HostConfiguration
import JSON
import TextUtilities

/// What to do with our entry in a host's configuration file.
public struct InstallRequest: Sendable {
    /// The name of the host.
    public var host: String
    /// The name of the entry.
    public var name: String
    /// The program that the host is to start.
    public var command: String
    /// Whether to remove the entry.
    public var removes = false
    /// Whether nothing is written.
    public var isPreview = false
    /// Whether the project's file is changed instead of the user's.
    public var isForProject = false
    /// Another file of the host's format.
    public var file: String?

    /// The name of the entry unless the user gives another one.
    public static let defaultName = "mcp-test-mcp"

    /// Creates a request.
    public init(host: String, name: String = defaultName, command: String = OwnExecutable.path) {
        self.host = host
        self.name = name
        self.command = command
    }

    /// Writes or removes the entry.
    ///
    /// - Returns: The report, and for a preview the content that would be written.
    /// - Throws: ``Failure`` if nothing was changed; a broken file is not touched.
    public func carryOut(in surroundings: HostSurroundings) throws(Failure) -> (report: Report, content: String?) {
        let installation = try installation(in: surroundings)
        let path = surroundings.shortened(installation.path)
        let hostName = installation.host.name
        do throws(Installation.Fault) {
            let plan = try installation.plan(removes ? .remove : .add)
            guard let after = plan.after else {
                let state = removes ? "is not configured in" : "is already installed in"
                return (report("\"\(name)\" \(state) \(hostName) (\(path)); nothing to do", path, changed: false), nil)
            }
            if isPreview {
                let verb = removes ? "would be removed from" : "would be installed in"
                let text = String(decoding: after, as: UTF8.self)
                return (
                    report("\"\(name)\" \(verb) \(hostName) (\(path)); nothing was written", path, changed: false), text
                )
            }
            try installation.carryOut(plan)
            var report = report(
                "\(removes ? "removed" : "installed") \"\(name)\" \(removes ? "from" : "in") \(hostName) (\(path))",
                path,
                changed: true
            )
            if plan.before != nil { report.add("backup", .string(surroundings.shortened(installation.backup))) }
            report.add("message", .string("Restart \(hostName), or reload its MCP servers, to use the change."))
            return (report, nil)
        } catch {
            throw failure(error, path, hostName)
        }
    }

    private func report(_ summary: String, _ path: String, changed: Bool) -> Report {
        var report = Report(.pass, summary)
        report.add("path", .string(path))
        report.add("changed", .bool(changed))
        return report
    }

    private func installation(in surroundings: HostSurroundings) throws(Failure) -> Installation {
        guard let host = Host.named(host) else {
            let ids = Host.all.map(\.id)
            let close = nearest(host, among: ids).map { "Did you mean \($0)? " } ?? ""
            throw .usage("Unknown host \"\(host)\".", nextStep: "\(close)Give one of: \(ids.joined(separator: ", ")).")
        }
        guard !name.isEmpty else {
            throw .usage("The name is empty.", nextStep: "Omit --name for \(Self.defaultName).")
        }
        let entry = ServerEntry(name: name, command: command, arguments: ["serve"])
        let installation = Installation(host, entry, isForProject: isForProject, file: file, in: surroundings)
        guard let installation else {
            throw .usage("\(host.name) has no configuration file for projects.", nextStep: "Omit --project.")
        }
        return installation
    }

    private func failure(_ fault: Installation.Fault, _ path: String, _ hostName: String) -> Failure {
        switch fault {
        case .file(let problem):
            return .usage(
                "Could not change \(path): \(problem).",
                nextStep: "Make the file and its directory writable, or use --print and add the entry by hand."
            )
        case .content(let fault):
            let place = fault.place.map { ":\($0)" } ?? ""
            let excerpt = fault.excerpt.map { "\n\($0)" } ?? ""
            return .usage(
                "\(path)\(place): \(fault.message). The file was not changed.\(excerpt)",
                nextStep: "Correct the file, then install again."
            )
        }
    }
}
