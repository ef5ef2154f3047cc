#!/usr/bin/env python3
"""Tests Scripts/reference: the committed pages are those that it makes from the program and the schema.

    MCP_TEST_PROGRAM=path/to/mcp-test-mcp python3 Scripts/tests/reference_test.py
"""

import importlib.machinery
import importlib.util
import os
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.path.abspath(os.environ["MCP_TEST_PROGRAM"])


def load():
    loader = importlib.machinery.SourceFileLoader("reference", str(ROOT / "Scripts" / "reference"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("reference", loader))
    loader.exec_module(module)
    return module


reference = load()


class ReferenceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pages = reference.make(PROGRAM)

    def test_the_pages_are_those_of_the_program_and_the_schema(self):
        self.assertEqual(reference.outdated(self.pages), [], "run Scripts/reference PROGRAM")

    def test_a_page_that_differs_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in self.pages.items():
                changed = text.replace("`version`", "`versoin`") if name == "Suite-reference.md" else text
                pathlib.Path(folder, name).write_text(changed, encoding="utf-8")
            self.assertEqual(reference.outdated(self.pages, folder), ["Suite-reference.md"])

    def test_each_shared_option_is_listed_once(self):
        common = self.pages["Command-reference.md"].partition("## Common options")[2]
        for option in ["--auth-store", "--follow-redirects", "--show-secrets", "--answers"]:
            self.assertEqual(common.count(f"`{option} ") + common.count(f"`{option}`"), 1, option)

    def test_bars_and_brackets_do_not_break_a_table(self):
        self.assertEqual(reference.cell("a|b <c> `<d|e>`"), "a\\|b &lt;c> `<d\\|e>`")

    def test_examples_are_yaml(self):
        suites = reference.Suites(ROOT / "Documentation" / "suite.schema.json")
        self.assertEqual(suites.example({"a": ["x y", "1", True, 5]}), '{a: [x y, "1", true, 5]}')


if __name__ == "__main__":
    unittest.main()
