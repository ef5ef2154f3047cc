#!/usr/bin/env python3
"""Tests Scripts/lint-prose: it catches an example of each rule, and accepts the better wording and good text."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

LINT = pathlib.Path(__file__).resolve().parent.parent / "lint-prose"

# For each rule: a sentence it must catch, and one that says the same and must pass.
EXAMPLES = {
    "negate-the-verb": ("The reply is no JSON object.", "The reply is not a JSON object. There is no limit."),
    "for-because": ("It waits, for the server is slow.", "It waits because the server is slow, for example at start, for clients that are fast."),
    "nobody": ("A response nobody waits for.", "A response that no request waits for."),
    "whoever": ("Whoever calls it must wait.", "The caller must wait."),
    "who-is-told": ("The client who is told first wins.", "The client that receives it first wins."),
    "is-told": ("The host is told of each change.", "The host is notified of each change."),
    "told-by": ("The era, told from the body.", "The era, determined from the body."),
    "tells-whether": ("Tells whether it is open.", "Whether it is open."),
    "on-the-way": ("Progress on the way.", "Progress during the call."),
    "called-off": ("The request was called off.", "The request was cancelled."),
    "left-out": ("The newest if left out.", "If omitted, the newest."),
    "not-there": ("The file is not there.", "The file does not exist. It is not therefore wrong."),
    "no-answer": ("The server gave no answer.", "The server did not respond."),
    "came-about": ("The connection never came about.", "The connection failed."),
    "for-want-of": ("Skipped for want of a peer.", "Skipped because the peer is missing."),
    "lest": ("Locked, lest it changes.", "Locked so that it does not change."),
    "wish": ("The client's wish for a task.", "The client's request for a task."),
    "visit": ("One thread visits the loop.", "One thread enters the loop."),
    "house": ("The rules of the house.", "The rules of the project."),
    "room": ("Each room has an owner.", "Each module has an owner. There is room for two."),
    "so-many": ("Have at most so many sessions open.", "Maximum number of sessions. As many as needed."),
    "are-met": ("How requests are met.", "How requests are handled."),
    "be-it": ("Any end, be it a crash.", "Any end, including a crash."),
    "is-gone": ("The server is gone.", "The server exited."),
    "or-nothing": ("The value, or nothing if it is absent.", "The value, or nil if it is absent."),
    "where-for-if": ("The default where there is none.", "The default if there is none. The place where it is stored."),
    "anew": ("It is started anew.", "It is started again."),
    "but-for": ("All methods but for this one.", "All methods except this one."),
    "stands-beside": ("A comment stands beside it.", "A comment is next to it. Standing is not checked."),
    "in-vain": ("It was tried in vain.", "It was tried without success."),
    "unless-told": ("It waits, unless told otherwise.", "It waits (default: 30)."),
    "plural-in-parentheses": ("It has 1 message(s).", "It has 1 message, f(x)."),
    "meant-to-be": ("Which name is meant to be it?", "Did you mean `name`? It is meant to be large."),
    "wants-to-know": ("The server wants to know more.", "The server requests more."),
    "found-out": ("The era is found out.", "The era is detected. We find out why it failed."),
    "what-came": ("It parses what came.", "It parses the response and what comes before it."),
    "would-do": ("An answer that would do.", "A valid example."),
    "from-which-on": ("From which level on it logs.", "The minimum log level. The list from which it starts."),
    "in-silence": ("It waits 60 s in silence.", "It waits 60 s without progress."),
    "dies-of": ("The server dies of the probe.", "The server exits because of the probe."),
    "british": ("The colour and behaviour.", "The color and behavior. It is otherwise cancelled."),
}


def lint(text, suffix=".swift", arguments=()):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "Example" + suffix)
        path.write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, LINT, *arguments, path], capture_output=True, text=True)
        return run.returncode, run.stdout.replace(str(path), "Example" + suffix)


class LintProseTest(unittest.TestCase):
    def assertClean(self, text, suffix=".swift"):
        self.assertEqual(lint(text, suffix), (0, ""))

    def test_every_rule_has_an_example(self):
        rules = subprocess.run([sys.executable, LINT, "--rules"], capture_output=True, text=True).stdout
        self.assertEqual([line.split("\t")[0] for line in rules.splitlines()], list(EXAMPLES))

    def test_every_rule_catches_its_example_and_accepts_the_better_wording(self):
        for suffix, template in ((".swift", "/// {}\nlet a = 1\n"), (".swift", 'let a = "{}"\n'), (".md", "# A\n\n{}\n")):
            bad = "".join(template.format(bad) for bad, _ in EXAMPLES.values())
            found = [line.split("[")[1].split("]")[0] for line in lint(bad, suffix)[1].splitlines()]
            for rule in EXAMPLES:
                self.assertIn(rule, found, f"{rule} in {template!r}")
            self.assertClean("".join(template.format(good) for _, good in EXAMPLES.values()), suffix)

    def test_a_finding_names_file_line_and_better_wording(self):
        status, output = lint("let a = 1\n/// Whoever calls.\n")
        self.assertEqual(status, 1)
        self.assertTrue(output.startswith('Example.swift:2: "Whoever" [whoever] use '), output)

    def test_phrases_are_found_across_lines_of_a_comment(self):
        self.assertIn("Example.swift:1:", lint("/// The reply is\n/// no JSON.\n")[1])
        self.assertClean("/// The reply is\nlet a = 1\n/// no JSON.\n")

    def test_names_and_code_are_not_checked(self):
        self.assertClean("let nobody = visit(door)  // The value of `nobody`.\n")
        self.assertClean('let key = "nobody"\nlet text = "The value \\(nobody ?? "x") of it"\n')
        self.assertClean("Call `visit`:\n\n```swift\nnobody.visit()\n```\n\n    nobody visit\n", ".md")

    def test_multiline_strings_and_raw_strings_are_checked(self):
        self.assertIn(":2:", lint('let a = """\n    The file is not there.\n    """\n')[1])
        self.assertIn(":1:", lint('let a = #"Asks "who" is there, or nobody"#\n')[1])
        self.assertClean('let url = "http://a/nobody"\nlet b = 1\n')

    def test_an_exception_allows_one_line(self):
        self.assertClean("/// Whoever calls.  lint-prose:allow\n")
        self.assertClean("<!-- lint-prose:allow-next -->\nWhoever calls.\n", ".md")
        self.assertIn(":3:", lint("// lint-prose:allow-next\n/// Whoever.\n/// Whoever.\n")[1])

    def test_counts_are_printed_instead_of_findings(self):
        status, output = lint("/// Whoever calls nobody.\n", arguments=["--counts"])
        self.assertEqual(status, 1)
        self.assertEqual(output.split()[0], "2")


if __name__ == "__main__":
    unittest.main()
