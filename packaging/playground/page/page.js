// The playground: a list of files, one of them in an editor, and the report of the scan beside them. The scan runs in a worker,
// so that the page stays awake; each scan gets a fresh one, so that nothing of an earlier project is left.

const EXAMPLE = {
  "package.json": '{ "name": "shop", "dependencies": { "express": "^5.1.0", "cors": "^2.8.5", "express-session": "^1.18.0" } }\n',
  "config.js": 'export const origins = process.env.NODE_ENV === "production" ? "*" : "http://localhost:5173";\n',
  "server.js": `import express from "express";
import cors from "cors";
import session from "express-session";
import { origins } from "./config.js";

const app = express();
app.use(cors({ origin: origins }));
app.use(session({ secret: process.env.SESSION_SECRET || "keyboard cat", resave: false, saveUninitialized: false }));
app.get("/", (request, response) => response.send("hello"));
app.listen(process.env.PORT || 3000);
`,
  "Dockerfile": "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nENV NODE_ENV=production\nCMD [\"node\", \"server.js\"]\n",
};

// Files above this are no settings, and folders like these hold what others wrote.
const MOST_BYTES = 1 << 20;
const MOST_FILES = 5000;
const SKIPPED = new Set(["node_modules", ".git", ".venv", "venv", "dist", ".next", "__pycache__", "target"]);

const files = new Map(Object.entries(EXAMPLE));
let open = "server.js";
let worker;

const root = document.getElementById("play");
root.innerHTML = `
  <p id="play-buttons"><button type="button" id="play-scan">Scan</button>
  <label class="play-button">Open a folder <input type="file" id="play-folder" webkitdirectory multiple hidden></label>
  <button type="button" id="play-new">New file</button>
  <button type="button" id="play-clear">Remove all files</button></p>
  <div id="play-drop"><ul id="play-files" aria-label="Files"></ul>
  <textarea id="play-text" spellcheck="false" aria-label="The text of the file"></textarea></div>
  <p id="play-told" role="status"></p>
  <iframe id="play-report" title="The report" sandbox="allow-scripts allow-popups"></iframe>`;
const at = (id) => document.getElementById(id);

function show() {
  at("play-files").replaceChildren(
    ...[...files.keys()].sort().map((path) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = path;
      button.setAttribute("aria-pressed", String(path === open));
      button.onclick = () => { open = path; show(); };
      item.append(button);
      return item;
    }),
  );
  at("play-text").value = files.get(open) ?? "";
  at("play-text").disabled = !files.has(open);
}

function tell(text) {
  at("play-told").textContent = text;
}

function scan() {
  worker?.terminate();
  worker = new Worker(new URL("worker.js", import.meta.url));
  const began = performance.now();
  tell("Scanning…");
  worker.onerror = () => tell("The scan did not end well. Please report the files that did it.");
  worker.onmessage = ({ data }) => {
    if (data.error) return tell(`No report: ${data.error}`);
    const counts = `${data.blocking} blocking, ${data.warnings} warnings, ${data.unverified} not checked`;
    tell(`${counts} · ${Math.round(performance.now() - began)} ms`);
    at("play-report").srcdoc = data.page;
  };
  worker.postMessage({ files: Object.fromEntries(files) });
}

async function add(path, file) {
  const parts = path.split("/");
  if (parts.some((part) => SKIPPED.has(part)) || file.size > MOST_BYTES || files.size >= MOST_FILES) return;
  const text = await file.text();
  if (!text.includes("\0")) files.set(path, text);
}

async function take(list) {
  files.clear();
  for (const [path, file] of list) await add(path, file);
  open = [...files.keys()].sort()[0];
  show();
  scan();
}

async function below(entry, path, into) {
  if (entry.isFile) {
    into.push([path, await new Promise((done, failed) => entry.file(done, failed))]);
    return;
  }
  if (SKIPPED.has(entry.name)) return;
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return;
    for (const inner of some) await below(inner, path ? `${path}/${inner.name}` : inner.name, into);
  }
}

at("play-drop").ondragover = (event) => event.preventDefault();
at("play-drop").ondrop = async (event) => {
  event.preventDefault();
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const found = [];
  // One folder is the project itself.
  const single = entries.length === 1 && entries[0].isDirectory;
  for (const entry of entries) await below(entry, single ? "" : entry.name, found);
  await take(found);
};
at("play-folder").onchange = (event) =>
  take([...event.target.files].map((file) => [file.webkitRelativePath.split("/").slice(1).join("/") || file.name, file]));
at("play-new").onclick = () => {
  const path = window.prompt("Path of the new file", ".env.production");
  if (!path) return;
  if (!files.has(path)) files.set(path, "");
  open = path;
  show();
};
at("play-clear").onclick = () => { files.clear(); show(); tell(""); };
at("play-text").oninput = () => { if (files.has(open)) files.set(open, at("play-text").value); };
// mdBook's own shortcuts are not for what is typed here.
at("play-text").onkeydown = (event) => event.stopPropagation();
at("play-scan").onclick = scan;
show();
scan();
