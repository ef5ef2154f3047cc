#!/usr/bin/env python3
"""Installs, runs and removes each package of a built program, as its users do.

    MCP_TEST_PACKAGES=dist MCP_TEST_PEERS=.build-peers python3 Scripts/tests/packages_test.py
"""

import contextlib
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = os.path.abspath(os.environ["MCP_TEST_PACKAGES"])
PEERS = os.path.abspath(os.environ["MCP_TEST_PEERS"])
# A host that starts the program by its name and calls a tool of a server under test.
HOST = """
import asyncio, json, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

async def main():
    server = json.loads(sys.argv[1])["mcpServers"]["mcp-test-mcp"]
    async with stdio_client(StdioServerParameters(**server)) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        connected = await session.call_tool("connect_to_server", {"url": "demo"})
        called = await session.call_tool("call_tool", {"name": "echo", "arguments": {"message": "hi"}})
        for result in (connected, called):
            structured = getattr(result, "structuredContent", None) or result.structured_content
            print(structured["verdict"])

asyncio.run(main())
"""


def package(pattern):
    found = glob.glob(os.path.join(PACKAGES, pattern))
    assert len(found) == 1, f"{pattern}: {found}"
    return found[0]


def run(*command, **options):
    """What a command prints on standard output; its standard error is shown if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{' '.join(command)} exited with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def peer(name, program):
    return os.path.join(PEERS, name, "bin", program)


class Packages(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def check(self, program, *before):
        """The installed program runs, also with no other program on the path."""
        environment = {"HOME": self.folder, "PATH": "/nowhere"}
        self.assertIn("mcp-test-mcp ", run(*before, program, "--version", env=environment))
        self.assertIn("PASS", run(*before, program, "test", "demo", env=environment))

    def test_the_wheel_is_installed_by_pip_run_by_a_host_and_removed(self):
        run(sys.executable, "-m", "venv", self.folder)
        pip = os.path.join(self.folder, "bin", "pip")
        program = os.path.join(self.folder, "bin", "mcp-test-mcp")
        run(pip, "install", "--no-index", "--quiet", package("*.whl"))
        self.check(program)
        # The configuration of the first mcp-test-mcp: the bare name of the program.
        configuration = {"mcpServers": {"mcp-test-mcp": {"command": "mcp-test-mcp", "args": [], "env": {"PATH": os.path.dirname(program)}}}}
        environment = {**os.environ, "PATH": f"{os.path.dirname(program)}:{os.environ['PATH']}"}
        verdicts = run(peer("mcp2", "python"), "-c", HOST, json.dumps(configuration), env=environment).splitlines()
        self.assertEqual([line.split(":")[0] for line in verdicts], ["PASS", "PASS"], verdicts)
        run(pip, "uninstall", "--yes", "--quiet", "mcp-test-mcp")
        self.assertFalse(os.path.exists(program))

    def test_uvx_runs_the_wheel(self):
        environment = {**os.environ, "HOME": self.folder, "UV_CACHE_DIR": os.path.join(self.folder, "cache")}
        command = [peer("packaging", "uvx"), "--offline", "--python", sys.executable, "--from", package("*.whl")]
        self.assertIn("PASS", run(*command, "mcp-test-mcp", "test", "demo", env=environment))

    def test_the_wheel_claims_the_platform_that_the_program_needs(self):
        wheel = package("*.whl")
        tag = os.path.basename(wheel).rsplit("-", 1)[1].removesuffix(".whl")
        shown = " ".join(run(peer("packaging", "auditwheel"), "show", wheel).split())
        self.assertIn(f'following platform tag: "{tag}"', shown)

    def test_npm_installs_the_package_of_the_platform_without_a_network(self):
        packages = [package("mcp-test-mcp-[0-9]*.tgz"), package("mcp-test-mcp-linux-*.tgz")]
        environment = {**os.environ, "HOME": self.folder, "npm_config_cache": os.path.join(self.folder, "cache")}
        run("npm", "init", "--yes", cwd=self.folder, env=environment)
        run("npm", "install", "--offline", "--no-audit", "--no-fund", *packages, cwd=self.folder, env=environment)
        program = os.path.join(self.folder, "node_modules", ".bin", "mcp-test-mcp")
        self.assertIn("PASS", run(program, "test", "demo", env=environment))
        failed = subprocess.run([program, "call"], env=environment, capture_output=True, text=True)
        self.assertEqual(failed.returncode, 2, failed.stderr)
        # A host that closes standard input, or sends SIGTERM, ends the program behind the launcher.
        for stop in (lambda served: served.stdin.close(), lambda served: served.terminate()):
            with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as served:
                request = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
                served.stdin.write(json.dumps(request).encode() + b"\n")
                served.stdin.flush()
                self.assertEqual(json.loads(served.stdout.readline())["id"], 1)
                stop(served)
                # The end of the output is the end of the program, which has inherited it.
                self.assertEqual(served.stdout.read(), b"")
        run("npm", "uninstall", "--offline", "mcp-test-mcp", cwd=self.folder, env=environment)
        self.assertFalse(os.path.exists(program))

    def test_npm_without_the_package_of_the_platform_says_so(self):
        environment = {**os.environ, "HOME": self.folder, "npm_config_cache": os.path.join(self.folder, "cache")}
        run("npm", "init", "--yes", cwd=self.folder, env=environment)
        install = ["npm", "install", "--offline", "--omit=optional", "--no-audit", "--no-fund"]
        run(*install, package("mcp-test-mcp-[0-9]*.tgz"), cwd=self.folder, env=environment)
        program = os.path.join(self.folder, "node_modules", ".bin", "mcp-test-mcp")
        done = subprocess.run([program, "--version"], env=environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is not installed", done.stderr)

    @unittest.skipUnless(shutil.which("apt-get") and os.geteuid() == 0, "needs apt and root")
    def test_apt_installs_and_removes_the_debian_package(self):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "install", "--yes", "--no-install-recommends", package("*.deb"), env=environment)
        try:
            self.check("/usr/bin/mcp-test-mcp")
            listed = run("dpkg", "--listfiles", "mcp-test-mcp").split()
            self.assertIn("/usr/share/man/man1/mcp-test-mcp.1.gz", listed)
            self.assertIn("/usr/share/bash-completion/completions/mcp-test-mcp", listed)
            self.assertEqual(run("dpkg", "--verify", "mcp-test-mcp"), "")
        finally:
            run("apt-get", "purge", "--yes", "mcp-test-mcp", env=environment)
        self.assertFalse(os.path.exists("/usr/bin/mcp-test-mcp"))

    def test_the_bundle_starts_as_its_manifest_says(self):
        run(sys.executable, "-m", "zipfile", "-e", package("*.mcpb"), self.folder)
        with open(os.path.join(self.folder, "manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)
        command = manifest["server"]["mcp_config"]["command"].replace("${__dirname}", self.folder)
        # Python's zipfile restores no modes; hosts do.
        os.chmod(command, 0o755)
        self.check(command)
        with open(os.path.join(self.folder, manifest["icon"]), "rb") as file:
            self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")
        self.assertEqual(command, os.path.join(self.folder, manifest["server"]["entry_point"]))

    def test_the_tarball_has_the_program(self):
        run("tar", "-xzf", package("*.tar.gz"), "-C", self.folder)
        self.check(os.path.join(self.folder, "mcp-test-mcp"))

    def test_the_registry_entry_is_valid(self):
        shutil.copy(package("server.json"), self.folder)
        shown = run(peer("packaging", "skillsaw"), "lint", self.folder)
        self.assertIn("Repo type: mcp-registry", shown)
        # The validator finds what is wrong.
        with self.edited("server.json") as entry:
            entry["description"] = "x" * 101
        broken = subprocess.run([peer("packaging", "skillsaw"), "lint", self.folder], capture_output=True, text=True)
        self.assertNotEqual(broken.returncode, 0, broken.stdout)

    @contextlib.contextmanager
    def edited(self, name):
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
        yield value
        with open(path, "w", encoding="utf-8") as file:
            json.dump(value, file)

    def test_the_bill_of_materials_is_valid_and_names_what_is_linked(self):
        path = package("*.cdx.json")
        validate = (
            "import sys\n"
            "from cyclonedx.validation.json import JsonStrictValidator\n"
            "from cyclonedx.schema import SchemaVersion\n"
            "error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())\n"
            "sys.exit(str(error) if error else 0)\n"
        )
        run(peer("packaging", "python"), "-c", validate, path)
        with open(path, encoding="utf-8") as file:
            names = {component["name"] for component in json.load(file)["components"]}
        self.assertLessEqual({"swift-nio", "swift-argument-parser", "swift-crypto"}, names)

    def test_the_formula_is_ruby_with_the_checksum_of_the_tarball(self):
        with open(package("*.rb"), encoding="utf-8") as file:
            formula = file.read()
        self.assertIn(run("sha256sum", package("*.tar.gz")).split()[0], formula)
        if shutil.which("ruby"):
            self.assertEqual(run("ruby", "-c", package("*.rb")).strip(), "Syntax OK")

    def test_the_dockerfile_has_no_faults(self):
        self.assertEqual(run(peer("packaging", "hadolint"), os.path.join(ROOT, "Packaging", "Dockerfile")), "")

    def test_the_checksums_are_those_of_the_files(self):
        run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=PACKAGES)

    def test_the_same_program_gives_the_same_packages(self):
        run("tar", "-xzf", package("*.tar.gz"), "-C", self.folder)
        again = os.path.join(self.folder, "again")
        script = os.path.join(ROOT, "Packaging", "package.py")
        run(sys.executable, script, "platform", os.path.join(self.folder, "mcp-test-mcp"), "--out", again)
        for name in os.listdir(again):
            with open(os.path.join(again, name), "rb") as one, open(os.path.join(PACKAGES, name), "rb") as other:
                self.assertEqual(one.read(), other.read(), name)


if __name__ == "__main__":
    unittest.main()
