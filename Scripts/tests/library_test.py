"""A package that depends on one library product compiles only the modules of that library.

Asks SwiftPM for its build plan and follows it back from each executable; compiles nothing.
"""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = """\
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "consumer",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "mcp-test-mcp", path: "{root}")],
    targets: [
        .executableTarget(name: "client", dependencies: [.product(name: "MCPClient", package: "mcp-test-mcp")]),
        .executableTarget(name: "server", dependencies: [.product(name: "MCPServer", package: "mcp-test-mcp")]),
    ]
)
"""
FOUNDATION = {
    "AsyncRuntime", "ChildProcesses", "JSON", "JSONRPC", "MCP", "MCPStdio", "MCPTransport", "Platform", "TextUtilities",
}


class Plan:
    """The build plan: what makes each file, and from what."""

    def __init__(self, path):
        self.makers, self.inputs = {}, {}
        section = command = None
        for line in path.read_text().splitlines():
            if re.match(r"\w+:", line):
                section = line.split(":")[0]
            elif section == "commands" and (name := re.match(r'  ("(?:[^"\\]|\\.)*"):', line)):
                command = json.loads(name[1])
            elif section == "commands" and (files := re.match(r"    (inputs|outputs): (\[.*\])$", line)):
                if files[1] == "inputs":
                    self.inputs[command] = json.loads(files[2])
                else:
                    self.makers.update((output, command) for output in json.loads(files[2]))

    def modules(self, target):
        """The modules that are compiled to make the executable."""
        wanted = [output for output in self.makers if re.fullmatch(rf"<{target}-[^>]*\.exe>", output)]
        if len(wanted) != 1:
            raise AssertionError(f"the plan makes {wanted} for {target}")
        commands = set()
        while wanted:
            command = self.makers.get(wanted.pop())
            if command is not None and command not in commands:
                commands.add(command)
                wanted += self.inputs.get(command, [])
        names = (re.fullmatch(r"C\.(.*?)-(?:x86_64|aarch64|arm64).*\.module", command) for command in commands)
        return {name[1] for name in names if name} - {target}


class LibraryTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "Package.swift").write_text(MANIFEST.format(root=ROOT))
            for target, module in (("client", "MCPClient"), ("server", "MCPServer")):
                source = Path(folder, "Sources", target, "main.swift")
                source.parent.mkdir(parents=True)
                source.write_text(f"import {module}\n")
            run = subprocess.run(
                ["swift", "build", "--package-path", folder, "--print-manifest-job-graph"],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )
            if run.returncode != 0:
                raise AssertionError(run.stderr)
            cls.plan = Plan(Path(folder, ".build", "debug.yaml"))

    def test_client_compiles_no_other_package(self):
        self.assertEqual(self.plan.modules("client"), FOUNDATION | {"MCPClient"})

    def test_server_compiles_cryptography_and_no_networking(self):
        modules = self.plan.modules("server")
        self.assertLessEqual(FOUNDATION | {"MCPServer", "JSONSchema", "Crypto"}, modules)
        others = {name for name in modules if re.match(r"NIO|AsyncHTTP|ArgumentParser|MCPHTTP|Tester|DemoServer", name)}
        self.assertEqual(others, set())


if __name__ == "__main__":
    unittest.main()
