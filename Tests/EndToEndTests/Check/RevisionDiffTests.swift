import TestSupport
import Testing

/// `diff REVISION:FILE`: lock files as git has them.
@Suite(.timeLimit(.minutes(15)))
struct RevisionDiffTests {
    @Test func lockFilesOfRevisionsAreCompared() async throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "sub/.keep")
        let inFolder = folder.path("sub")
        try #require(try await RunningProgram.run(["lock", "demo"], in: inFolder).code == 0)
        let script = """
            git init -q . && git add . && git -c user.name=a -c user.email=a@b -c commit.gpgsign=false commit -qm one
            """
        let git = try await RunningProgram(["-c", script], in: inFolder, executable: "/bin/sh").ended()
        try #require(git.code == 0, "\(git)")
        let same = try await RunningProgram.run(["diff", "HEAD:mcp-lock.json", "mcp-lock.json"], in: inFolder)
        #expect(same.code == 0, "\(same)")
        let lock = String(decoding: try folder.bytes("sub/mcp-lock.json"), as: UTF8.self)
        try folder.write(lock.replacing("\"echo\"", with: "\"echoes\""), to: "sub/mcp-lock.json")
        let changed = try await RunningProgram.run(["diff", "HEAD:mcp-lock.json", "mcp-lock.json"], in: inFolder)
        #expect(changed.code == 1, "\(changed)")
        #expect(changed.text.contains("echoes"), "\(changed)")
        let unknown = try await RunningProgram.run(["diff", "nowhere:mcp-lock.json", "mcp-lock.json"], in: inFolder)
        #expect(unknown.code == 2, "\(unknown)")
        #expect(unknown.errors.contains("Could not read nowhere:mcp-lock.json: fatal: "), "\(unknown)")
    }
}
