#!/usr/bin/env node
"use strict";
// Starts the program of the package that npm installed for this platform, with the same streams, signals and exit code.

const { spawn } = require("node:child_process");
const os = require("node:os");

const name = `@mcp-test-mcp/${process.platform}-${process.arch}`;

let program;
try {
  program = require.resolve(`${name}/bin/mcp-test-mcp`);
} catch {
  console.error(
    `mcp-test-mcp: the package ${name} is not installed. ` +
      `Either this platform is not supported (linux x64 and arm64 with glibc, macOS arm64), or optional dependencies ` +
      `were omitted: install again without --omit=optional.`
  );
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// The program decides what a signal means, and ends the servers it started.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`mcp-test-mcp: could not start ${program}: ${error.message}`);
  process.exit(126);
});
child.on("exit", (code, signal) => {
  process.exit(signal ? 128 + os.constants.signals[signal] : code);
});
