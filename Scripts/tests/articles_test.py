#!/usr/bin/env python3
"""Tests the articles "Getting started" of the libraries: their samples are files of Examples, which CI compiles.

    python3 Scripts/tests/articles_test.py

"Create `PATH`:" introduces a sample. It equals Examples/PATH; a Package.swift is read by `swift package dump-package`.
"""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIBRARIES = ["JSONSchema", "MCPClient", "MCPServer", "MCPTesting"]
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
