#!/usr/bin/env python3
"""Compiles the modules of the program as a release does, because the optimizer can fail where a debug build does not.

    python3 Scripts/tests/optimizer_test.py

Needs a debug build: its commands, with other flags, and the packages that it has built are used. That takes a third of
a release build.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = "mcp-test-mcp"
# Flags of a debug build, and what they take.
WITH_VALUE = {"-emit-module-path", "-output-file-map", "-index-store-path", "-emit-objc-header-path"}
ALONE = {
    "-Onone", "-enable-testing", "-DDEBUG", "-incremental", "-enable-batch-mode", "-parseable-output", "-emit-objc-header",
    "-emit-dependencies", "-serialize-diagnostics", "-g", "-emit-module", "-c",
}


def main():
    commands = debug_commands(ROOT / ".build" / "debug.yaml")
    uses = dependencies()
    missing = sorted(uses.keys() - commands.keys())
    if missing:
        sys.exit(f"optimizer: not in the debug build: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as out, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        compiled, running, failed = set(), {}, []
        while len(compiled) < len(uses) and not failed:
            for name in sorted(uses.keys() - compiled - running.keys()):
                if uses[name] <= compiled:
                    running[name] = pool.submit(compile_module, optimized(commands[name], name, out))
            done = concurrent.futures.wait(running.values(), return_when=concurrent.futures.FIRST_COMPLETED).done
            for name in [name for name, future in running.items() if future in done]:
                errors = running.pop(name).result()
                compiled.add(name)
                if errors is not None:
                    failed.append(f"optimizer: {name} does not compile with optimization:\n{errors}")
    if failed:
        sys.exit("\n".join(failed))
    print(f"optimizer: {len(compiled)} modules compile with optimization")


def debug_commands(manifest):
    """The compiler's arguments of each module in the build system's manifest."""
    commands = {}
    with open(manifest, encoding="utf-8") as file:
        for line in file:
            if line.startswith("    args: [") and '"-module-name"' in line and "-emit-module-path" in line:
                words = json.loads(line.removeprefix("    args: "))
                commands[words[words.index("-module-name") + 1]] = words
    return commands


def dependencies():
    """The modules in Swift that the program consists of, each with those that it uses."""
    described = subprocess.run(
        ["swift", "package", "describe", "--type", "json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    targets = {target["name"]: target for target in json.loads(described.stdout)["targets"]}
    found, waiting = {}, [PROGRAM]
    while waiting:
        name = waiting.pop()
        target = targets[name]
        if name in found or target["module_type"] != "SwiftTarget":
            continue
        found[name] = target.get("target_dependencies", [])
        waiting += found[name]
    # The program itself is one call.
    del found[PROGRAM]
    return {name: {other for other in others if other in found} for name, others in found.items()}


def optimized(words, name, out):
    kept, index = [], 0
    while index < len(words):
        if words[index] == "-Xcc":
            kept += words[index : index + 2]
            index += 1
        elif words[index] in WITH_VALUE:
            index += 1
        elif words[index] not in ALONE and not words[index].startswith("-j"):
            kept.append(words[index])
        index += 1
    # Modules that were compiled here come before those of the debug build: they have what can be inlined.
    # The optimized SIL is enough: it is where Swift's optimizer works, and machine code would take as long again.
    flags = ["-O", "-whole-module-optimization", "-emit-module", "-emit-module-path", f"{out}/{name}.swiftmodule"]
    return [kept[0], "-I", out, "-emit-sil", *flags, "-o", os.devnull, *kept[1:]]


def compile_module(command):
    """What the compiler printed if it failed."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return None
    return "\n".join((done.stderr + done.stdout).splitlines()[:40])


if __name__ == "__main__":
    main()
