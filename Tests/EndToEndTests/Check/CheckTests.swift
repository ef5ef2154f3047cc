import JSON
import TestSupport
import Testing

/// `check`, `lock` and `diff` as a user runs them.
@Suite struct CheckTests {
    private func check(_ options: [String], faults: [String] = []) async throws -> (run: Run, json: JSONValue) {
        let target = ["--", Product.path, "demo"] + faults.flatMap { ["--fault", $0] }
        let run = try await RunningProgram.run(["check", "--json"] + options + target)
        return (run, try run.json()["conformance"] ?? nil)
    }

    @Test func theDemoServerFollowsTheRules() async throws {
        let (run, json) = try await check(["--revision", "2026-07-28"])
        #expect(run.code == 0, "\(run)")
        #expect(json["failures"] == [] && json["warnings"] == [], "\(json)")
        #expect(json["counts"]?["pass"]?.int ?? 0 > 80, "\(json)")
    }

    @Test func textThatIsNotAMessageFails() async throws {
        let (run, json) = try await check(
            ["--revision", "2025-11-25", "--only", "stdout-only-messages"],
            faults: ["noise-on-stdout"]
        )
        #expect(run.code == 1, "\(run)")
        #expect(json["failures"]?[0]?["id"] == "stdout-only-messages", "\(json)")
        #expect(json["failures"]?[0]?["received"]?.string?.contains("Demo server 1.0 is ready!") == true, "\(json)")
    }

    @Test func aServerThatDoesNotExitIsAWarning() async throws {
        let (run, json) = try await check(
            ["--revision", "2026-07-28", "--only", "S163"],
            faults: ["ignore-shutdown"]
        )
        #expect(run.code == 0, "\(run)")
        #expect(json["warnings"]?[0]?["row"] == "S163", "\(json)")
    }

    /// Some interpreters need longer than the usual limit of a connection.
    @Test func serverThatTakesThreeSecondsToExitBreaksNoRule() async throws {
        let server = ["--", "sh", "-c", "\(Product.path) demo; sleep 3"]
        let check = ["check", "--json", "--revision", "2026-07-28", "--only", "S163"]
        let checked = try await RunningProgram.run(check + server)
        #expect(try checked.json()["conformance"]?["warnings"] == [], "\(checked)")
        let tested = try await RunningProgram.run(["test", "--full", "--json"] + server)
        #expect(!tested.text.contains("when its standard input is closed"), "\(tested)")
    }

    @Test func countsInTheTextMatchWhatItShows() async throws {
        let target = ["--", Product.path, "demo", "--fault", "noise-on-stdout"]
        let run = try await RunningProgram.run(["check", "--only", "S160", "--only", "S004"] + target)
        #expect(run.code == 1, "\(run)")
        let revisions = try #require(run.lines.first { $0.contains("Revisions") }).split(separator: ",").count
        #expect(revisions > 1 && run.text.contains("Failures (\(revisions) in 1 check)"), "\(run)")
        #expect(
            run.text.contains("\(revisions) fail,") && run.text.contains("one for each check and revision"),
            "\(run)"
        )
    }

    @Test func violationThatLibrariesCauseNamesThem() async throws {
        let (run, json) = try await check(
            ["--revision", "2025-11-25", "--only", "S007"],
            faults: ["silent-on-unknown-methods"]
        )
        #expect(run.code == 1, "\(run)")
        #expect(json["failures"]?[0]?["known"]?.string?.contains("mcp 1 (Python) or FastMCP 3") == true, "\(json)")
    }

    @Test func aBaselineAcceptsWithAReasonAndFailsWhenItIsStale() async throws {
        let folder = try TemporaryFolder()
        try folder.write(#"{"accepted": [{"id": "S160", "reason": "known"}]}"#, to: "baseline.json")
        let options = ["--revision", "2025-11-25", "--only", "S160", "--baseline", folder.path("baseline.json")]
        let accepted = try await check(options, faults: ["noise-on-stdout"])
        #expect(accepted.run.code == 0, "\(accepted.run)")
        #expect(accepted.json["accepted"]?[0]?["accepted_because"] == "known", "\(accepted.json)")
        let stale = try await check(options)
        #expect(stale.run.code == 1, "\(stale.run)")
        #expect(stale.json["stale"]?.array?.count == 1, "\(stale.json)")
        #expect("\(stale.run)".contains("Remove the stale entry from the baseline."), "\(stale.run)")
        let verdict = "The baseline has 1 stale entry: S160 no longer fails (accepted because: known)."
        #expect(stale.run.text.contains(verdict), "\(stale.run)")
        // A stale entry is also reported if a check fails.
        let target = ["--", Product.path, "demo", "--fault", "silent-on-unknown-methods"]
        let both = try await RunningProgram.run(["check"] + options + ["--only", "S007"] + target)
        #expect(both.code == 1, "\(both)")
        let failed = "1 check failed, and the baseline has 1 stale entry; the first: method-not-found: "
        #expect(both.text.contains(failed), "\(both)")
        #expect("\(both)".contains("Remove the stale entry from the baseline."), "\(both)")
    }

    @Test func updateWritesABaselineThatTheNextRunPassesWith() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("new.json")
        try folder.write(
            #"{"accepted": [{"id": "S004", "reason": "mine"}, {"id": "S008", "reason": "old"}]}"#,
            to: "new.json"
        )
        let options = [
            "--revision", "2025-11-25", "--only", "S007", "--only", "S160", "--only", "S008", "--baseline", file,
        ]
        let faults = ["silent-on-unknown-methods"]
        let update = try await check(options + ["--update"], faults: faults)
        #expect(update.run.code == 0, "\(update.run)")
        let text = try folder.lines(of: "new.json").joined(separator: "\n")
        let accepted = try JSONValue(parsing: text)["accepted"]?.array ?? []
        // What did not run stays, what does not fail goes.
        #expect(accepted.map { $0["id"] } == ["S004", "method-not-found"], "\(text)")
        #expect(accepted.first?["reason"] == "mine", "\(text)")
        let reason = accepted.last?["reason"]?.string ?? ""
        #expect(
            reason.hasPrefix("accepted on 2") && reason.hasSuffix("a known fault of mcp 1 (Python) or FastMCP 3"),
            "\(text)"
        )
        #expect(try await check(options, faults: faults).run.code == 0)
        let alone = try await RunningProgram.run(["check", "demo", "--update"])
        #expect(alone.code == 2 && alone.errors.contains("--baseline"), "\(alone)")
    }

    @Test func aWrittenBaselineHasNoSecrets() async throws {
        let folder = try TemporaryFolder()
        let secret = "Demo server 1.0 is ready!"
        let options = [
            "--revision", "2025-11-25", "--only", "stdout-only-messages", "--env", "A_TOKEN=\(secret)",
            "--baseline", folder.path("new.json"), "--update",
        ]
        let (run, _) = try await check(options, faults: ["noise-on-stdout"])
        let text = try folder.lines(of: "new.json").joined(separator: "\n")
        #expect(text.contains("a line that is not JSON: ‹redacted:") && !text.contains(secret), "\(text)\n\(run)")
    }

    @Test func allReportsAreWrittenBesidesTheText() async throws {
        let folder = try TemporaryFolder()
        let formats = ["pretty", "json", "junit", "tap", "sarif", "github", "markdown", "html"]
        let (run, json) = try await check(
            ["--revision", "2025-11-25", "--only", "S160", "--only", "tools-list", "--only", "S163"]
                + formats.flatMap { ["--report", "\($0)=\(folder.path($0))"] },
            faults: ["noise-on-stdout"]
        )
        #expect(run.code == 1 && json["failures"]?.array?.count == 1, "\(run)")
        for format in formats {
            let text = try folder.lines(of: format).joined(separator: "\n")
            #expect(text.contains("stdout-only-messages"), "\(format): \(text)")
            #expect(text.contains("Demo server 1.0 is ready!"), "\(format): \(text)")
        }
        let lines = try folder.lines(of: "json").map { try JSONValue(parsing: $0) }
        #expect(lines.last?["failed"] == 1 && lines.last?["passed"] == 1, "\(lines)")
        let failed = try #require(lines.first { $0["outcome"] == "failed" })
        #expect(failed["command"]?.string?.contains("--only stdout-only-messages --revision 2025-11-25") == true)
        // A run of checks is merged like one of suites.
        let merged = try await RunningProgram.run(["merge", folder.path("json"), "--report", "tap"])
        #expect(merged.code == 1 && merged.text.contains("not ok"), "\(merged)")
    }

    @Test func aReportNeedsAFormatAndAFileThatCanBeWritten() async throws {
        let unknown = try await RunningProgram.run(["check", "demo", "--report", "xml=a"])
        #expect(unknown.code == 2 && unknown.errors.contains("junit"), "\(unknown)")
        let pathless = try await RunningProgram.run(["check", "demo", "--report", "junit"])
        #expect(pathless.code == 2 && pathless.errors.contains("--report junit=FILE"), "\(pathless)")
        let folder = try TemporaryFolder()
        let options = ["--only", "tools-list", "--report", "junit=\(folder.path("none/junit.xml"))"]
        let missing = try await RunningProgram.run(["check", "demo"] + options)
        #expect(missing.code == 2 && missing.errors.contains("none/junit.xml"), "\(missing)")
    }

    @Test func wrongInputIsRefused() async throws {
        let unknown = try await RunningProgram.run(["check", "demo", "--only", "response-id-match"])
        #expect(unknown.code == 2 && unknown.errors.contains("response-id-matches"), "\(unknown)")
        let folder = try TemporaryFolder()
        try folder.write(#"{"accepted": [{"id": "S160"}]}"#, to: "baseline.json")
        let reasonless = try await RunningProgram.run(["check", "demo", "--baseline", folder.path("baseline.json")])
        #expect(reasonless.code == 2 && reasonless.errors.contains("reason"), "\(reasonless)")
        try folder.write(#"{"accepted": [{"id": "tools-lst", "reason": "x"}]}"#, to: "baseline.json")
        let misspelt = try await RunningProgram.run(["check", "demo", "--baseline", folder.path("baseline.json")])
        #expect(misspelt.code == 2 && misspelt.errors.contains(#"Did you mean "tools-list"?"#), "\(misspelt)")
        try folder.write(#"{"tools": {"weathr": {}, "echo": {"message": "a"}}}"#, to: "samples.json")
        let stray = try await check(["--only", "tools-list", "--samples", folder.path("samples.json")])
        let sentence =
            #"The samples are for the tool "weathr", which the server does not list. Did you mean "weather"?"#
        #expect(stray.run.code == 0 && "\(stray.run)".contains(sentence.replacing("\"", with: "\\\"")), "\(stray.run)")
        #expect(!"\(stray.run)".contains(#"tool \"echo\", which"#), "\(stray.run)")
        try folder.write(#"{"tool": {}}"#, to: "samples.json")
        let samples = try await RunningProgram.run(["check", "demo", "--samples", folder.path("samples.json")])
        #expect(samples.code == 2 && samples.errors.contains("tool"), "\(samples)")
    }

    @Test func aLockFileShowsWhatHasChanged() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("mcp-lock.json")
        let written = try await RunningProgram.run(["lock", "demo", "--file", file])
        #expect(written.code == 0, "\(written)")
        let same = try await RunningProgram.run(["lock", "demo", "--check", "--file", file])
        #expect(same.code == 0, "\(same)")
        let changed = ["--", Product.path, "demo", "--fault", "bad-schema"]
        let refused = try await RunningProgram.run(["lock", "--check", "--file", file] + changed)
        #expect(refused.code == 1 && refused.text.contains("broken_schema"), "\(refused)")
        let allowed = try await RunningProgram.run(
            ["lock", "--check", "--file", file, "--allow", "compatible"] + changed
        )
        #expect(allowed.code == 0, "\(allowed)")
        let difference = try await RunningProgram.run(["diff", file, "demo"])
        #expect(difference.code == 0, "\(difference)")
        let unwritten = try await RunningProgram.run(["lock", "demo", "--check", "--file", "no.json"], in: folder.path)
        #expect(unwritten.code == 2, "\(unwritten)")
        #expect(unwritten.errors.contains("Write it first: mcp-test-mcp lock demo --file no.json"), "\(unwritten)")
        let noLock = try await RunningProgram.run(["diff", folder.path("none.json"), "demo"])
        #expect(noLock.code == 2, "\(noLock)")
    }
}
