#!/usr/bin/env python3
"""Tests the Swift code in the documentation of the libraries.

    MCP_TEST_BUILD=$(swift build --show-bin-path) python3 Scripts/tests/articles_test.py

In the articles "Getting started", "Create `PATH`:" introduces a sample. It equals Examples/PATH, which CI compiles; a Package.swift
is read by `swift package dump-package`. All other samples are complete files, whose types are checked against the modules of a build.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIBRARIES = ["JSONSchema", "MCPClient", "MCPServer", "MCPTesting"]
CODE = re.compile(r"^```swift\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAMPLE = re.compile(r"create `([^`]+)`:\n\n```swift\n(.*?)^```$", re.MULTILINE | re.DOTALL | re.IGNORECASE)


def samples(library):
    """The samples of an article by their paths."""
    article = ROOT / "Sources" / library / f"{library}.docc" / "Getting-started.md"
    text = article.read_text(encoding="utf-8")
    found = SAMPLE.findall(text)
    assert text.count("```swift") == len(found), f"{article}: a sample is not introduced by its path"
    return dict(found)


class ArticlesTest(unittest.TestCase):
    maxDiff = None

    def test_samples_are_files_of_the_examples(self):
        for library in LIBRARIES:
            paths = [path for path in samples(library) if path != "Package.swift"]
            self.assertTrue(paths, library)
            for path in paths:
                with self.subTest(library=library, path=path):
                    self.assertEqual(samples(library)[path], (ROOT / "Examples" / path).read_text(encoding="utf-8"))

    def test_manifests_name_the_library_and_its_products(self):
        if not shutil.which("swift"):
            self.skipTest("swift was not found")
        known = self.dump((ROOT / "Package.swift").read_text(encoding="utf-8"))
        products = {product["name"] for product in known["products"]}
        for library in LIBRARIES:
            with self.subTest(library=library):
                manifest = self.dump(samples(library)["Package.swift"])
                used = [
                    dependency["product"][:2] for target in manifest["targets"] for dependency in target["dependencies"]
                ]
                self.assertIn([library, known["name"]], used)
                self.assertLessEqual({name for name, _ in used}, products)

    @unittest.skipUnless(os.environ.get("MCP_TEST_BUILD"), "MCP_TEST_BUILD is not set")
    @unittest.skipUnless(sys.platform == "linux", "the module maps are found on Linux only")
    def test_other_samples_have_no_errors(self):
        build = pathlib.Path(os.environ["MCP_TEST_BUILD"])
        # Modules in C that the modules of the package depend on.
        maps = [*build.glob("C*.build/module.modulemap"), *build.parent.parent.glob("checkouts/*/Sources/*/include/module.modulemap")]
        arguments = [word for path in maps for word in ("-Xcc", f"-fmodule-map-file={path}")]
        count = 0
        for page in [*ROOT.glob("Sources/*/*.docc/*.md"), ROOT / "Documentation" / "Guide" / "Swift.md"]:
            if page.name == "Getting-started.md":
                continue
            for code in CODE.findall(page.read_text(encoding="utf-8")):
                count += 1
                with self.subTest(page=page.name, code=code), tempfile.TemporaryDirectory() as folder:
                    # In a file with this name, statements may be at the top level.
                    file = pathlib.Path(folder, "main.swift")
                    file.write_text(code, encoding="utf-8")
                    command = ["swiftc", "-swift-version", "6", "-typecheck", "-warnings-as-errors", "-I", build / "Modules"]
                    done = subprocess.run([*command, *arguments, file], capture_output=True, text=True)
                    self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(count, 9)

    def dump(self, text):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "Package.swift").write_text(text, encoding="utf-8")
            done = subprocess.run(
                ["swift", "package", "dump-package", "--package-path", folder], capture_output=True, text=True
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            return json.loads(done.stdout)


if __name__ == "__main__":
    unittest.main()
