#!/usr/bin/env node
// Runs the binary of this platform, which npm installed as an optional dependency.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `@prodcheck/${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "prodcheck.exe" : "prodcheck";

let binary;
try {
  binary = require.resolve(`${name}/bin/${file}`);
} catch {
  console.error(`prodcheck: ${name} is not installed: either there is no binary for this platform,`);
  console.error("or optional dependencies were left out (npm install --include=optional)");
  process.exit(2);
}

const run = spawnSync(binary, process.argv.slice(2), { stdio: "inherit", windowsHide: true });
if (run.error) {
  console.error(`prodcheck: ${run.error.message}`);
  process.exit(2);
}
if (run.signal) {
  process.kill(process.pid, run.signal);
}
process.exit(run.status ?? 2);
