// Which prodcheck is run.
import { existsSync } from "node:fs";
import { join } from "node:path";

export interface Where {
  /** The setting `prodcheck.path`; empty where it is not set. */
  configured: string;
  /** The folder of the extension, which may carry a binary. */
  extension: string;
  /** The folders of the workspace; none where it is not trusted, for then nothing of it is run. */
  folders: string[];
  platform: string;
  arch: string;
}

/** The path of the binary, or its bare name where only the `PATH` is left. */
export function binary(where: Where, exists: (path: string) => boolean = existsSync): string {
  if (where.configured !== "") return where.configured;
  const name = where.platform === "win32" ? "prodcheck.exe" : "prodcheck";
  const scripts = where.platform === "win32" ? "Scripts" : "bin";
  const inFolder = (folder: string) => [
    join(folder, "node_modules", "@prodcheck", `${where.platform}-${where.arch}`, "bin", name),
    join(folder, ".venv", scripts, name),
  ];
  const candidates = [...where.folders.flatMap(inFolder), join(where.extension, "bin", name)];
  return candidates.find(exists) ?? name;
}
