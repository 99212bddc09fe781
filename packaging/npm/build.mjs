// Makes the npm packages of a release: one for each platform with its binary, and the one that users install.
//
//   node packaging/npm/build.mjs VERSION OUT linux-x64=path/to/prodcheck [win32-x64=path/to/prodcheck.exe ...]
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const [version, out, ...binaries] = process.argv.slice(2);
const platforms = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-arm64", "win32-x64"];
if (!/^\d+\.\d+\.\d+/.test(version ?? "") || !out || binaries.length === 0) {
  console.error("usage: build.mjs VERSION OUT PLATFORM=BINARY...");
  process.exit(2);
}

// Cargo.toml decides where prodcheck is published. Without `repository` the registry refuses provenance.
const cargo = readFileSync(join(root, "Cargo.toml"), "utf8");
const told = (key) => cargo.match(new RegExp(`^${key} = "(.*)"$`, "m"))[1];
const published = {
  homepage: told("homepage"),
  repository: { type: "git", url: `git+${told("repository")}.git` },
  bugs: { url: `${told("repository")}/issues` },
};

const write = (folder, manifest) =>
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2) + "\n");

const optional = {};
for (const entry of binaries) {
  const [platform, binary] = entry.split("=");
  if (!platforms.includes(platform) || !binary) {
    console.error(`${entry}: PLATFORM is one of ${platforms.join(", ")}`);
    process.exit(2);
  }
  const [os, cpu] = platform.split("-");
  const folder = join(out, platform);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "bin"), { recursive: true });
  const target = join(folder, "bin", os === "win32" ? "prodcheck.exe" : "prodcheck");
  copyFileSync(binary, target);
  chmodSync(target, 0o755);
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  const name = `@prodcheck/${platform}`;
  write(folder, {
    name,
    version,
    description: `The prodcheck binary for ${platform}`,
    license: "MIT",
    ...published,
    os: [os],
    cpu: [cpu],
    files: ["bin", "LICENSE"],
    preferUnplugged: true,
  });
  optional[name] = version;
}

const main = join(out, "prodcheck");
rmSync(main, { recursive: true, force: true });
cpSync(join(here, "prodcheck"), main, { recursive: true });
copyFileSync(join(root, "README.md"), join(main, "README.md"));
copyFileSync(join(root, "LICENSE"), join(main, "LICENSE"));
const manifest = JSON.parse(readFileSync(join(here, "prodcheck", "package.json"), "utf8"));
write(main, { ...manifest, ...published, version, optionalDependencies: optional });
