import Foundation
import JSON
import TestSupport
import Testing

/// The reports of a run as other programs read them: libraries from PyPI, and a browser.
@Suite(.timeLimit(.minutes(15)))
struct ReportConsumerTests {
    /// A run with every outcome, and text that every format has to escape.
    private static let suite = """
        version: 1
        server: demo
        cases:
          - {name: passes, steps: [{call: echo, args: {message: hi}, expect: {text: hi}}]}
          - {name: 'fails <&> "quoted" # 1', steps: [{call: echo, args: {message: '<b>&]]>'}, expect: {text: ho}}]}
          - {name: cannot be judged, setup: [{call: nowhere}], steps: [{call: echo, args: {message: a}}]}
          - {name: skipped, skip: 'not today # really', steps: [{call: echo}]}
          - {name: fails as expected, expected_failure: it is wrong, steps: [{call: echo, args: {message: a}, expect: {text: b}}]}
        """

    /// Runs the suite and gives the folder with the report.
    private func report(_ format: String) async throws -> (folder: TemporaryFolder, path: String) {
        let (run, folder) = try await SuiteRunTests.run(Self.suite, ["--report", "\(format)=report.\(format)"])
        #expect(run.code == 1, "\(run)")
        return (folder, folder.path("report.\(format)"))
    }

    private func consumed(_ format: String) async throws -> JSONValue {
        let (folder, path) = try await report(format)
        defer { _ = folder }
        let reader = try await RunningProgram(
            [TestPeers.script("report_consumers.py"), format, path],
            executable: TestPeers.reports.python
        )
        let run = await reader.finish()
        #expect(run.code == 0, "\(run)")
        return try JSONValue(parsing: run.text)
    }

    @Test(.enabled(if: TestPeers.reports.isAvailable, "\(TestPeers.absence)"))
    func junitReportIsReadByJunitparser() async throws {
        let seen = try await consumed("junit")
        #expect(
            seen["tests"] == 5 && seen["failures"] == 1 && seen["errors"] == 1 && seen["skipped"] == 1,
            "\(seen)"
        )
        #expect(seen["suites"] == ["s.suite.yaml"], "\(seen)")
        let cases = try #require(seen["cases"]?.array)
        #expect(
            cases.map { $0["results"]?.array?.first?.string ?? "-" } == ["-", "Failure", "Error", "Skipped", "-"],
            "\(seen)"
        )
        #expect(cases[1]["name"] == #"fails <&> "quoted" # 1"#, "\(seen)")
        #expect(cases[1]["messages"]?[0] == #"text: expected "ho", got "<b>&]]>""#, "\(seen)")
        #expect(cases[3]["messages"]?[0] == "not today # really", "\(seen)")
    }

    @Test(.enabled(if: TestPeers.reports.isAvailable, "\(TestPeers.absence)"))
    func tapReportIsReadByTapPy() async throws {
        let seen = try await consumed("tap")
        #expect(seen["version"] == 14 && seen["plan"] == 5, "\(seen)")
        let results = try #require(seen["results"]?.array)
        #expect(results.map { $0["outcome"] } == ["ok", "not ok", "not ok", "skip", "ok"], "\(seen)")
        #expect(results.map { $0["number"] } == [1, 2, 3, 4, 5], "\(seen)")
    }

    @Test(.enabled(if: TestPeers.reports.isAvailable, "\(TestPeers.absence)"))
    func sarifReportMatchesThePublishedSchema() async throws {
        let seen = try await consumed("sarif")
        #expect(seen["problems"] == [], "\(seen)")
        #expect(seen["results"]?.array?.count == 2, "\(seen)")
    }

    // MARK: - HTML

    /// What is done in the page, and what it then shows: the names of the visible cases.
    private static let actions: [(script: String, shown: String)] = [
        ("", "passes|fails <&> \"quoted\" # 1|cannot be judged|skipped|fails as expected"),
        ("find('quoted')", "fails <&> \"quoted\" # 1"),
        // Messages are searched, too.
        ("find('EXPECTED \"HO\"')", "fails <&> \"quoted\" # 1"),
        ("find('nowhere to be found')", "none"),
        ("leave('passed'); leave('skipped')", "fails <&> \"quoted\" # 1|cannot be judged"),
        ("leave('failed'); find('expected')", "fails as expected"),
    ]

    @Test(.enabled(if: Browser.path != nil, "no browser: run Scripts/browser"), arguments: actions.indices)
    func htmlReportIsSearchedAndFilteredInABrowser(_ index: Int) async throws {
        let (script, shown) = Self.actions[index]
        let (folder, path) = try await report("html")
        let page = try String(contentsOfFile: path, encoding: .utf8)
        let test = """
            <script>
            function find(words) { search.value = words; search.dispatchEvent(new Event("input")); }
            function leave(outcome) { document.querySelector(`input[value=${outcome}]`).click(); }
            \(script);
            const names = cases.filter((item) => item.offsetParent !== null).map((item) => {
              const line = item.querySelector("summary").cloneNode(true);
              for (const part of line.querySelectorAll("span, b, small")) part.remove();
              return line.textContent.trim();
            });
            const nothing = document.getElementById("none").hidden ? "" : "none";
            document.title = "shown:" + (names.join("|") || nothing);
            </script>
            </body>
            """
        try folder.write(page.replacingOccurrences(of: "</body>", with: test), to: "page.html")
        let run = try await Self.browse(["--dump-dom", "file://\(folder.path("page.html"))"], in: folder)
        let title = run.text.split(separator: "<title>").last?.split(separator: "</title>").first.map(String.init)
        let expected = shown.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;")
        #expect(title == "shown:\(expected)", "\(run)")
        #expect(!run.errors.contains("CONSOLE"), "\(run.errors)")
    }

    @Test(.enabled(if: Browser.path != nil, "no browser: run Scripts/browser"))
    func htmlReportIsDrawnByABrowser() async throws {
        let (folder, path) = try await report("html")
        let picture = folder.path("page.png")
        let run = try await Self.browse(
            ["--screenshot=\(picture)", "--window-size=1000,900", "file://\(path)"],
            in: folder
        )
        let bytes = try folder.bytes("page.png")
        #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(run)")
        #expect(!run.errors.contains("CONSOLE"), "\(run.errors)")
        if let kept = ProcessInfo.processInfo.environment["MCP_TEST_KEEP"] {
            try FileManager.default.copyItem(atPath: picture, toPath: "\(kept)/report.png")
        }
    }

    private static func browse(_ arguments: [String], in folder: TemporaryFolder) async throws -> Run {
        let program = try await RunningProgram(
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr",
                "--user-data-dir=\(folder.path("profile"))",
            ] + arguments,
            executable: Browser.path ?? ""
        )
        return await program.ended()
    }
}
