#!/usr/bin/env python3
"""Runs the examples of the guide and compares what the program prints with what the guide says.

    MCP_TEST_PROGRAM=path/to/mcp-test-mcp MCP_TEST_PEERS=.build-peers python3 Scripts/tests/guide_test.py [-k NAME]

In a page, ```python NAME and ```yaml NAME are files, and ```console has commands after "$ " and their output. "…" stands for any text on a
line, or for any lines if it stands alone. With serve=NAME a server runs meanwhile, and PORT is its port.
"""

import contextlib
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(os.environ["MCP_TEST_PROGRAM"])
# The examples use FastMCP.
ENVIRONMENT = os.path.join(os.path.abspath(os.environ["MCP_TEST_PEERS"]), "fastmcp4")
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages():
    folder = os.path.join(ROOT, "Documentation", "Guide")
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".md"))


def pattern(expected):
    """A regular expression for the output that a page shows."""
    parts = []
    for line in expected.splitlines():
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ \t]*\n")
    return "".join(parts)


def commands(block):
    """The commands of a block, each with the output that is expected of it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


class Guide(unittest.TestCase):
    maxDiff = None

    def check(self, page):
        with open(page, encoding="utf-8") as file:
            blocks = BLOCK.findall(file.read())
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(ENVIRONMENT, os.path.join(folder, ".venv"))
            for kind, name, text in blocks:
                if kind in ("python", "yaml") and name.strip():
                    with open(os.path.join(folder, name.strip()), "w", encoding="utf-8") as file:
                        file.write(text)
            count = 0
            for kind, options, text in blocks:
                if kind != "console":
                    continue
                with self.served(options.strip().removeprefix("serve="), folder) as port:
                    for command, expected in commands(text):
                        count += 1
                        with self.subTest(page=os.path.basename(page), command=command):
                            self.run_command(command, expected, folder, port)
        return count

    @contextlib.contextmanager
    def served(self, name, folder):
        """A server of the page on a free port."""
        if not name:
            yield 0
            return
        with socket.socket() as reserved:
            reserved.bind(("127.0.0.1", 0))
            port = reserved.getsockname()[1]
        python = os.path.join(folder, ".venv", "bin", "python")
        with subprocess.Popen([python, name, str(port)], cwd=folder, stderr=subprocess.PIPE, text=True) as server:
            try:
                # The server says when it listens.
                for line in server.stderr:
                    if "running on" in line:
                        break
                yield port
            finally:
                server.terminate()

    def run_command(self, command, expected, folder, port):
        words = shlex.split(command.replace("PORT", str(port)))
        self.assertEqual(words[0], "mcp-test-mcp")
        environment = {**os.environ, "HOME": folder, "NO_COLOR": "1"}
        # As for most people: Python buffers what it writes to a pipe.
        environment.pop("PYTHONUNBUFFERED", None)
        done = subprocess.run(
            [PROGRAM, *words[1:]], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        # What a person sees: standard error without the line for scripts.
        errors = "".join(line for line in done.stderr.splitlines(keepends=True) if not line.startswith('{"error"'))
        printed = done.stdout + errors
        self.assertRegex(printed, r"\A" + pattern(expected.replace("PORT", str(port))) + r"\Z", printed)

    def test_the_pages_show_what_the_program_prints(self):
        self.assertGreater(sum(self.check(page) for page in pages()), 10)

    def test_a_page_that_is_wrong_fails(self):
        self.assertNotRegex("PASS: a\nb\n", r"\A" + pattern("PASS: b\n…\n") + r"\Z")
        self.assertRegex("PASS: a in 3.5 ms\nb\nc\n", r"\A" + pattern("PASS: a in … ms\n…\n") + r"\Z")
        self.assertNotRegex("PASS: a\nb\nc\n", r"\A" + pattern("PASS: a\nc\n") + r"\Z")


if __name__ == "__main__":
    if not os.path.isdir(ENVIRONMENT):
        sys.exit(f"guide_test: SKIPPED: the peer fastmcp4 is missing in {os.path.dirname(ENVIRONMENT)}")
    unittest.main()
