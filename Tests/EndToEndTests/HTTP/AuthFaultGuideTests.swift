import Foundation
import JSON
import TestSupport
import Testing

/// The table of the guide that says which command finds which fault of the demo server.
@Suite(.timeLimit(.minutes(10)))
struct AuthFaultGuideTests {
    /// A fault, and what finds it.
    struct Row: Sendable, CustomTestStringConvertible {
        var fault: String
        /// The name in the report.
        var name: String
        var command: String

        var testDescription: String { fault }
    }

    /// The rows: a command, and then each fault with its name in the report.
    private static let rows: [Row] = {
        let path = "\(packageRoot)/Documentation/Guide/Authorization.md"
        guard let page = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return page.split(separator: "\n").flatMap { line -> [Row] in
            guard let command = line.firstMatch(of: /^\| `(auth (?:doctor|audit)[^`]*)`/)?.1 else { return [] }
            return line.matches(of: /`([^`]+)` \(`([^`]+)`\)/).map {
                Row(fault: String($0.1), name: String($0.2), command: String(command))
            }
        }
    }()

    @Test func everyFaultIsInTheTable() async throws {
        let list = try await RunningProgram.run(["demo", "--list-auth-faults"])
        let faults = list.lines.compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(Self.rows.map(\.fault).sorted() == faults.sorted())
    }

    @Test(arguments: rows)
    func theCommandFindsTheFault(_ row: Row) async throws {
        let folder = try TemporaryFolder()
        // Free again at once, for the issuer.
        let place = try ScriptedHTTPServer { _ in }
        place.stop()
        var demo = ["demo", "--auth-fault", row.fault]
        if row.command.contains("--issuer-port") {
            demo += ["--auth-issuer", "http://127.0.0.1:\(place.port)", "--auth-required-scope", "demo:use"]
        } else {
            demo.append("--auth")
        }
        let served = try await ServedProgram(demo)
        let words = row.command.split(separator: " ").map { word in
            switch word {
            case "URL": served.url
            case "9123": "\(place.port)"
            default: String(word)
            }
        }
        // In place of a login.
        let machine =
            row.command.contains("--revoke")
            ? ["--auth-client-id", "machine", "--auth-client-secret", "env:MACHINE_SECRET"] : []
        let run = try await RunningProgram.run(
            words + machine + ["--json", "--auth-store", folder.path("tokens.json")],
            environment: ["MACHINE_SECRET": "machine-secret"]
        )
        await served.stop()
        let report = try run.json()
        let problems = report["problems"]?.array?.compactMap { $0["about"]?.string } ?? []
        let rows = report["audit"]?.array?.filter { $0["verdict"] == "fault" || $0["verdict"] == "warning" } ?? []
        let names = problems + rows.compactMap { $0["check"]?.string }
        #expect(names.contains(row.name), "\(run)")
    }
}
