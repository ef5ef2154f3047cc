#!/usr/bin/env python3
"""Tests Scripts/reference: the committed pages are those that it makes from the program and the schema.

    MCP_TEST_PROGRAM=path/to/mcp-test-mcp python3 Scripts/tests/reference_test.py
"""

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.path.abspath(os.environ["MCP_TEST_PROGRAM"])
PAGES = ["Command-reference.md", "Suite-reference.md"]


def load():
    loader = importlib.machinery.SourceFileLoader("reference", str(ROOT / "Scripts" / "reference"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("reference", loader))
    loader.exec_module(module)
    return module


reference = load()


class ReferenceTest(unittest.TestCase):
    def check(self, guide):
        reference.GUIDE = str(guide)
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            return reference.main([PROGRAM, "--check"]), errors.getvalue()

    def test_the_pages_are_those_of_the_program_and_the_schema(self):
        self.assertEqual(self.check(ROOT / "Documentation" / "Guide"), (0, ""))

    def test_a_page_that_differs_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            for page in PAGES:
                shutil.copy(ROOT / "Documentation" / "Guide" / page, folder)
            path = pathlib.Path(folder, PAGES[1])
            path.write_text(path.read_text(encoding="utf-8").replace("`version`", "`versoin`"), encoding="utf-8")
            status, errors = self.check(folder)
            self.assertEqual(status, 1)
            self.assertIn("Suite-reference.md is outdated", errors)

    def test_bars_and_brackets_do_not_break_a_table(self):
        self.assertEqual(reference.cell("a|b <c> `<d|e>`"), "a\\|b &lt;c> `<d\\|e>`")

    def test_examples_are_yaml(self):
        suites = reference.Suites(ROOT / "Documentation" / "suite.schema.json")
        self.assertEqual(suites.example({"a": ["x y", "1", True, 5]}), '{a: [x y, "1", true, 5]}')


if __name__ == "__main__":
    unittest.main()
