import Tester

/// One HTML page without any other file: all cases, with search and filter.
struct HTMLReport: RunReport {
    private var results: [CaseResult] = []

    init() {}

    mutating func text(for event: RunEvent) -> String {
        switch event {
        case .runStarted, .caseStarted: return ""
        case .caseFinished(let result):
            results.append(result)
            return ""
        case .runFinished(let summary): return document(summary)
        }
    }

    private func document(_ summary: RunSummary) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" \
        content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <title>\(XML.escaped(summary.verdict))</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <header>
        <h1 class="\(summary.failed + summary.errors > 0 ? "failed" : "passed")">\(XML.escaped(summary.verdict))</h1>
        <p class="tools"><input id="search" type="search" placeholder="Search names and messages" \
        aria-label="Search names and messages">
        \(filters(summary))</p>
        </header>
        <main id="cases">
        \(results.map(section).joined(separator: "\n"))
        </main>
        <p id="none" hidden>No case matches.</p>
        <script>
        \(Self.script)
        </script>
        </body>
        </html>

        """
    }

    private func filters(_ summary: RunSummary) -> String {
        let counts: [(String, Int)] = [
            ("passed", summary.passed), ("failed", summary.failed), ("error", summary.errors),
            ("warning", summary.warnings), ("skipped", summary.skipped),
        ]
        return counts.filter { $0.1 > 0 }.map { name, count in
            "<label><input type=\"checkbox\" value=\"\(name)\" checked> \(name) (\(count))</label>"
        }.joined(separator: "\n")
    }

    private func section(_ result: CaseResult) -> String {
        let isOpen = result.outcome == .failed || result.outcome == .error
        var marks = result.isFlaky ? " <b class=\"flaky\">flaky</b>" : ""
        if result.failedAsExpected != nil { marks += " <b class=\"flaky\">failed as expected</b>" }
        var body = ""
        if let reason = result.reason ?? result.failedAsExpected { body += "<p>\(XML.escaped(reason))</p>" }
        body += timeline(result)
        for step in result.steps where !step.failures.isEmpty {
            body += "<h3>\(XML.escaped("\(step.place): \(step.title)"))</h3>"
            for failure in step.failures {
                let details = ([failure.message] + failure.details).joined(separator: "\n")
                body += "<p class=\"check\">\(XML.escaped(failure.check))</p><pre>\(XML.escaped(details))</pre>"
            }
            if let value = step.result { body += "<p class=\"check\">result</p><pre>\(XML.escaped(value))</pre>" }
            if let exception = step.exception {
                body += "<p class=\"check\">exception</p><pre>\(XML.escaped(exception.summary))</pre>"
            }
            if !step.stderr.isEmpty {
                let lines = step.stderr.joined(separator: "\n")
                body += "<p class=\"check\">standard error</p><pre>\(XML.escaped(lines))</pre>"
            }
        }
        body += messages(result)
        if let command = result.command, isOpen {
            body += "<p class=\"check\">repeat</p><pre>\(XML.escaped(command))</pre>"
        }
        return """
            <details class="case" data-outcome="\(result.outcome.rawValue)"\(isOpen ? " open" : "")>
            <summary><span class="outcome \(result.outcome.rawValue)">\(result.outcome.rawValue)</span> \
            \(XML.escaped(result.name))\(marks) <small>\(XML.escaped(result.file)), \(result.elapsed.shown)</small></summary>
            \(body)
            </details>
            """
    }

    /// The steps with bars as long as their times.
    private func timeline(_ result: CaseResult) -> String {
        guard !result.steps.isEmpty else { return "" }
        let total = max(result.steps.reduce(0) { $0 + $1.elapsed.milliseconds }, 0.001)
        var start = 0.0
        let rows = result.steps.map { step in
            let (left, width) = (start / total * 100, step.elapsed.milliseconds / total * 100)
            start += step.elapsed.milliseconds
            let bar = "margin-left:\(Self.percent(left));width:\(Self.percent(max(width, 0.5)))"
            return "<tr><td>\(XML.escaped(step.title))</td><td>\(step.elapsed.shown)</td>"
                + "<td class=\"bar\"><i class=\"\(step.failures.isEmpty ? "passed" : "failed")\" style=\"\(bar)\"></i></td></tr>"
        }
        return "<table>\(rows.joined())</table>"
    }

    /// The messages of all steps in order, each with its direction and the time since the connection began.
    private func messages(_ result: CaseResult) -> String {
        let frames = result.steps.flatMap(\.frames)
        guard !frames.isEmpty else { return "" }
        let rows = frames.map { frame in
            "<tr><td>\(frame.isSent ? "sent" : "received")</td><td>\(frame.time.shown)</td>"
                + "<td class=\"text\">\(XML.escaped(frame.text))</td></tr>"
        }
        let count = frames.count == 1 ? "1 message" : "\(frames.count) messages"
        return "<details class=\"messages\"><summary>\(count)</summary><table>\(rows.joined())</table></details>"
    }

    private static func percent(_ value: Double) -> String { "\((value * 10).rounded() / 10)%" }

    private static let style = """
        :root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; --doubt: #9a6700; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.3rem; } h1.failed { color: var(--bad); } h1.passed { color: var(--good); }
        h3 { font-size: 1rem; margin: 1rem 0 0; }
        .tools { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }
        .tools input[type=search] { flex: 1 1 16rem; font: inherit; padding: .3rem .5rem; }
        details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: .3rem .7rem; }
        summary { cursor: pointer; } small { opacity: .7; }
        .outcome { display: inline-block; min-width: 4.5em; font-weight: 600; }
        .outcome.passed { color: var(--good); } .outcome.failed, .outcome.error, .check { color: var(--bad); }
        .outcome.skipped, .outcome.warning, .flaky { color: var(--doubt); } .check { margin: .5rem 0 0; font-weight: 600; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8881; padding: .5rem; margin: .2rem 0; }
        table { border-collapse: collapse; width: 100%; } td { padding: .1rem .6rem .1rem 0; white-space: nowrap; }
        td.bar { width: 50%; } td.bar i { display: block; height: .7em; background: var(--good); }
        td.bar i.failed { background: var(--bad); }
        .messages td { vertical-align: top; } .messages td.text {
          width: 100%; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.4 ui-monospace, monospace; }
        """

    private static let script = """
        const search = document.getElementById("search");
        const boxes = [...document.querySelectorAll(".tools input[type=checkbox]")];
        const cases = [...document.querySelectorAll(".case")];
        function update() {
          const words = search.value.toLowerCase();
          const outcomes = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
          let shown = 0;
          for (const item of cases) {
            const isShown = outcomes.has(item.dataset.outcome) && item.textContent.toLowerCase().includes(words);
            item.hidden = !isShown;
            if (isShown) shown += 1;
          }
          document.getElementById("none").hidden = shown > 0;
        }
        search.addEventListener("input", update);
        for (const box of boxes) box.addEventListener("change", update);
        """
}
