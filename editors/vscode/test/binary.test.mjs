import assert from "node:assert/strict";
import test from "node:test";
import { createRequire } from "node:module";

const { binary } = createRequire(import.meta.url)("../dist/binary.cjs");
const where = { configured: "", extension: "/ext", folders: ["/one", "/two"], platform: "linux", arch: "x64" };
const among = (...paths) => (path) => paths.includes(path.replaceAll("\\", "/"));

test("what the user sets comes first", () => {
  assert.equal(binary({ ...where, configured: "/opt/prodcheck" }, () => true), "/opt/prodcheck");
});

test("the workspace's own comes before the one that the extension carries", () => {
  const own = "/two/node_modules/@prodcheck/linux-x64/bin/prodcheck";
  assert.equal(binary(where, among(own, "/ext/bin/prodcheck")), own);
  assert.equal(binary(where, among("/one/.venv/bin/prodcheck", "/ext/bin/prodcheck")), "/one/.venv/bin/prodcheck");
});

test("of a workspace that is not trusted nothing is run", () => {
  const own = "/two/node_modules/@prodcheck/linux-x64/bin/prodcheck";
  assert.equal(binary({ ...where, folders: [] }, among(own, "/ext/bin/prodcheck")), "/ext/bin/prodcheck");
});

test("else it is looked for on the path", () => {
  assert.equal(binary(where, () => false), "prodcheck");
  assert.equal(binary({ ...where, platform: "win32" }, () => false), "prodcheck.exe");
});
