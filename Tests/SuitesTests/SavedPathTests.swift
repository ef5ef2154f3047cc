import Tester
import Testing

@testable import Suites

/// The paths that a saved suite has for its server.
struct SavedPathTests {
    /// A file and its folder, which exist.
    private static let file = "\(#filePath)"
    private static let folder = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
    private static let name = String(file.dropFirst(folder.count + 1))

    private static func draft(_ target: Target, to path: String, from directory: String) -> ServerDraft {
        var secrets = SecretReferences(Redactor(), variables: [])
        return ServerDraft(for: target, era: nil, savedTo: path, from: directory, &secrets)
    }

    @Test(arguments: [folder, "\(folder)/..", "/", "/no/where"])
    func fileNextToTheSuiteIsNamedFromItsFolder(_ directory: String) {
        let target = Target(command: "/v/bin/python", arguments: [Self.file], name: Self.file, choice: "the nearest")
        let draft = Self.draft(target, to: "\(Self.folder)/s.suite.yaml", from: directory)
        let isAbove = directory.hasSuffix("..")
        #expect(draft.lines.contains("  target: \(isAbove ? "SuitesTests/" : "")\(Self.name)"), "\(draft.lines)")
        #expect(draft.lines.contains("  cwd: \"..\"") == isAbove, "\(draft.lines)")
        #expect(draft.machinePaths.isEmpty, "\(draft.lines)")
    }

    @Test func pathOfAnotherPlaceIsNamedInACommentAndAWarning() {
        let target = Target(command: "/opt/tool/bin/server", arguments: ["/usr/share/x", "data"])
        let draft = Self.draft(target, to: "\(Self.folder)/s.suite.yaml", from: Self.folder)
        #expect(draft.machinePaths == ["/opt/tool/bin/server"])
        #expect(draft.lines[1].hasPrefix("  # Before this runs elsewhere, replace"), "\(draft.lines)")
        #expect(draft.lines[2] == "  command: [/opt/tool/bin/server, /usr/share/x, data]", "\(draft.lines)")
    }
}
