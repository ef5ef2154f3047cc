#!/usr/bin/env python3
"""Runs the script of the GitHub Action: with the real program, and with releases of a server on loopback.

    MCP_TEST_PROGRAM=path/to/mcp-test-mcp python3 Scripts/tests/action_test.py
"""

import functools
import hashlib
import http.server
import io
import os
import platform
import subprocess
import tarfile
import tempfile
import threading
import unittest
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(os.environ["MCP_TEST_PROGRAM"])
SCRIPT = os.path.join(ROOT, "Packaging", "action.sh")
SUITE = """\
version: 1
server: demo
cases:
  - name: a sum
    steps:
      - call: add
        args: {a: 1, b: 2}
        expect: {text: {contains: "SUM"}}
"""


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Action(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def text(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def run_action(self, **variables):
        environment = {
            **os.environ,
            "GITHUB_OUTPUT": self.path("output"),
            "GITHUB_STEP_SUMMARY": self.path("summary.md"),
            "INPUT_JUNIT": "junit.xml",
            **variables,
        }
        return subprocess.run(
            [SCRIPT], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )

    # With the real program

    def test_a_suite_gives_junit_annotations_and_a_summary(self):
        for expected, code in (("3", 0), ("4", 1)):
            with open(self.path("sum.suite.yaml"), "w", encoding="utf-8") as file:
                file.write(SUITE.replace("SUM", expected))
            done = self.run_action(INPUT_COMMAND="run", INPUT_ARGUMENTS="sum.suite.yaml", INPUT_PROGRAM=PROGRAM)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
            suites = xml.etree.ElementTree.parse(self.path("junit.xml")).getroot()
            self.assertEqual(suites.get("failures"), str(code))
            self.assertEqual("::error" in done.stdout, code == 1, done.stdout)
            self.assertIn("a sum", self.text("summary.md") if code else "a sum")
            self.assertIn(f"exit-code={code}\n", self.text("output"))
            self.assertIn(f"junit={os.path.realpath(self.folder)}/junit.xml\n", self.text("output"))

    def test_a_server_is_locked_and_compared(self):
        subprocess.run([PROGRAM, "lock", "demo"], cwd=self.folder, check=True, capture_output=True)
        done = self.run_action(INPUT_COMMAND="lock", INPUT_ARGUMENTS="demo", INPUT_PROGRAM=PROGRAM)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("exited with 0", self.text("summary.md"))

    def test_a_server_is_tested_with_quoted_words_and_nothing_of_them_is_run(self):
        done = self.run_action(
            INPUT_COMMAND="test", INPUT_ARGUMENTS=f"'$(touch evil)' ; touch evil", INPUT_PROGRAM=PROGRAM
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(os.path.exists(self.path("evil")))

    # Releases

    def serve(self, content=None, sums=None):
        """A release whose program prints its arguments."""
        system = {"Linux": "linux", "Darwin": "macos"}[platform.system()]
        machine = platform.machine()
        name = f"mcp-test-mcp-1.2.3-{system}-{machine}.tar.gz"
        release = os.path.join(self.folder, "owner", "repo", "releases", "download", "v1.2.3")
        os.makedirs(release)
        script = b'#!/bin/sh\nfor word in "$@"; do echo "<$word>"; done\n'
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            entry = tarfile.TarInfo("mcp-test-mcp")
            entry.size, entry.mode = len(script), 0o755
            archive.addfile(entry, io.BytesIO(script))
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()
        with open(os.path.join(release, name), "wb") as file:
            file.write(content or buffer.getvalue())
        with open(os.path.join(release, "SHA256SUMS"), "w", encoding="utf-8") as file:
            file.write(sums or f"{'0' * 64}  other\n{digest}  {name}\n")
        handler = functools.partial(QuietHandler, directory=self.folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return {
            "GITHUB_SERVER_URL": f"http://127.0.0.1:{server.server_port}", "GITHUB_ACTION_REPOSITORY": "owner/repo",
            "INPUT_COMMAND": "check", "no_proxy": "127.0.0.1",
        }

    def test_the_release_of_the_tag_is_downloaded_and_run(self):
        done = self.run_action(**self.serve(), GITHUB_ACTION_REF="v1.2.3", INPUT_ARGUMENTS="'two words' three")
        self.assertEqual((done.returncode, done.stdout), (0, "<check>\n<two words>\n<three>\n"), done.stderr)

    def test_a_changed_release_is_not_run(self):
        done = self.run_action(**self.serve(content=b"changed"), INPUT_VERSION="1.2.3")
        self.assertEqual(done.returncode, 2)
        self.assertIn("::error title=mcp-test-mcp::", done.stdout)
        self.assertIn("was changed or is incomplete", done.stdout)

    def test_a_release_without_a_checksum_is_not_run(self):
        done = self.run_action(**self.serve(sums="0  other\n"), INPUT_VERSION="1.2.3")
        self.assertIn("does not have mcp-test-mcp-1.2.3-", done.stdout)
        self.assertEqual(done.returncode, 2)

    def test_a_release_that_does_not_exist_is_named(self):
        done = self.run_action(**self.serve(), INPUT_VERSION="9.9.9")
        self.assertIn("Is v9.9.9 a release?", done.stdout)
        self.assertEqual(done.returncode, 2)

    def test_a_branch_is_no_release(self):
        done = self.run_action(INPUT_COMMAND="check", GITHUB_ACTION_REF="main")
        self.assertIn('"main" is none: use the action at a tag', done.stdout)
        self.assertEqual(done.returncode, 2)

    def test_an_unknown_command_is_refused(self):
        done = self.run_action(INPUT_COMMAND="delete", INPUT_PROGRAM=PROGRAM)
        self.assertIn("Use run, check, lock or test", done.stdout)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
