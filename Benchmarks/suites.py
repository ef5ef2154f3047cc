#!/usr/bin/env python3
"""Measures `run` and prints each bar, the figure, and whether it is met.

    python3 Benchmarks/suites.py [COUNT] -- PATH/TO/mcp-test-mcp

COUNT is the number of rounds (default: 5); the median counts. Everything talks to the same cheap target (`target.c`,
compiled here with cc). pytest with the Python client of `mcp` lives in the environment `suites` of `Scripts/peers`, which
is created if it is missing. Exits with 1 if a bar is not met. Linux only.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import driving

FOLDER = os.path.dirname(os.path.abspath(__file__))
PEERS = os.environ.get("MCP_TEST_PEERS") or os.path.join(FOLDER, "..", ".build-peers")
STEP = '{call: echo, args: {message: "hello %d"}, expect: {text: "hello %d"}}'


def suite(path, target, count, isolation, name="case"):
    """A suite of cases with one step each."""
    with open(path, "w") as file:
        file.write(f"version: 1\nserver: {{command: ['{target}']}}\nisolation: {isolation}\ncases:\n")
        for number in range(count):
            file.write(f"  - {{name: {name} {number}, steps: [{STEP % (number, number)}]}}\n")
    return path


def run(program, *words, expected=0):
    """The seconds of a run, and its peak memory in kilobytes."""
    begin = time.perf_counter()
    child = subprocess.Popen([*program, "run", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begin
    assert os.waitstatus_to_exitcode(status) == expected, errors
    return seconds, usage.ru_maxrss


def calls(program, target, count):
    """The seconds of the same calls without a suite: one after the other, in one session of the program."""
    with driving.Host(program) as host:
        host.call("connect_to_server", command=target)
        host.call("call_tool", name="echo", arguments={"message": "warm"})
        begin = time.perf_counter()
        for number in range(count):
            report = host.report("call_tool", name="echo", arguments={"message": f"hello {number}"})
            assert report["tool_call"]["result"] == f"hello {number}", report
        return time.perf_counter() - begin


PYTEST = '''
import asyncio
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def echo(number):
    async with stdio_client(StdioServerParameters(command="{target}")) as (read, write):
        async with ClientSession(read, write) as session:
            await session.initialize()
            result = await session.call_tool("echo", {{"message": f"hello {{number}}"}})
            assert result.content[0].text == f"hello {{number}}"


@pytest.mark.parametrize("number", range({count}))
def test_echo(number):
    asyncio.run(echo(number))
'''


def pytest_seconds(folder, target, count):
    path = os.path.join(folder, "test_echo.py")
    with open(path, "w") as file:
        file.write(PYTEST.format(target=target, count=count))
    python = os.path.join(PEERS, "suites", "bin", "python")
    begin = time.perf_counter()
    subprocess.run([python, "-m", "pytest", "-q", path], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


class Bars:
    def __init__(self):
        self.is_met = True

    def show(self, what, figure, bar, unit=""):
        met = figure <= bar
        self.is_met = self.is_met and met
        print(f"{'met   ' if met else 'MISSED'} {what}: {figure:.2f}{unit} (bar: {bar:g}{unit})", flush=True)


def main():
    rounds, program = driving.arguments(5)
    program = [os.path.abspath(program[0]), *program[1:]]
    subprocess.run([os.path.join(FOLDER, "..", "Scripts", "peers"), "suites"], check=True)
    bars = Bars()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        target = driving.compile_target(folder)
        path = lambda name: os.path.join(folder, name)

        shared = suite(path("shared.suite.yaml"), target, 1000, "file")
        ratios = []
        for _ in range(rounds):
            ratios.append(run(program, shared, "--quiet")[0] / calls(program, target, 1000))
        bars.show("1,000 cases on one server / the calls themselves", driving.middle(ratios), 1.5)

        own = suite(path("own.suite.yaml"), target, 200, "case")
        ratios = []
        for _ in range(rounds):
            ratios.append(run(program, own, "--quiet", "--jobs", "2")[0] / pytest_seconds(folder, target, 200))
        bars.show("200 cases with a process each / pytest with mcp", driving.middle(ratios), 0.1)

        large = suite(path("large.suite.yaml"), target, 5000, "case")
        loads = [run(program, large, "--dry-run")[0] for _ in range(rounds)]
        bars.show("load and validate 5,000 cases", driving.middle(loads), 1.0, " s")

        # What the cases of a file cost to hold is in both figures; what the run of one leaves behind, only in the second.
        many = suite(path("many.suite.yaml"), target, 10_000, "file")
        loaded = run(program, many, "--dry-run")[1]
        report = path("r.jsonl")
        ran = run(program, many, "--quiet", "--report", f"json={report}")[1]
        with open(report) as file:
            assert json.loads(list(file)[-1])["passed"] == 10_000
        bars.show("memory over 10,000 cases, per case beside the file", (ran - loaded) / 10_000, 1.0, " KB")
        print(f"       peak {ran} KB after {loaded} KB for the file alone")
    return 0 if bars.is_met else 1


if __name__ == "__main__":
    sys.exit(main())
