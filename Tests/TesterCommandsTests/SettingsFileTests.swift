import Platform
import TestSupport
import Testing

@testable import TesterCommands

@Suite(.timeLimit(.minutes(15)))
struct SettingsFileTests {
    private func problem(_ path: String) -> SettingsFile.Problem? {
        do throws(SettingsFile.Problem) {
            _ = try SettingsFile.read(path)
            return nil
        } catch {
            return error
        }
    }

    @Test func aRegularFileIsReadAlsoThroughALink() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("A=1\n", to: "file")
        #expect(symlink(file, folder.path("link")) == 0)
        #expect(try SettingsFile.read(folder.path("link")) == Array("A=1\n".utf8))
    }

    @Test func aFIFOIsRefusedWithoutWaitingForAWriter() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.path("fifo"), 0o600) == 0)
        #expect(symlink(folder.path("fifo"), folder.path("link")) == 0)
        #expect(problem(folder.path("fifo")) == .notRegular)
        #expect(problem(folder.path("link")) == .notRegular)
    }

    @Test func aDeviceIsRefused() throws {
        let folder = try TemporaryFolder()
        #expect(symlink("/dev/zero", folder.path("link")) == 0)
        #expect(problem("/dev/zero") == .notRegular)
        #expect(problem(folder.path("link")) == .notRegular)
    }

    @Test func aFileOfMoreThan64KiBIsRefused() throws {
        let folder = try TemporaryFolder()
        let largest = try folder.write(String(repeating: "a", count: 64 << 10), to: "largest")
        let tooLarge = try folder.write(String(repeating: "a", count: 64 << 10 + 1), to: "too-large")
        #expect(try SettingsFile.read(largest).count == SettingsFile.sizeLimit)
        #expect(problem(tooLarge) == .tooLarge)
    }

    @Test func aMissingFileAndADirectoryAreToldApart() throws {
        let folder = try TemporaryFolder()
        #expect(problem(folder.path("none")) == .missing)
        #expect(problem(folder.path("none/.env")) == .missing)
        #expect(problem(folder.path) == .directory)
    }
}
