// The playground of a built book, in a real browser: the bundled example blocks, what is mended no longer does, a folder of
// hostile names and a broken file end in a report, and no request leaves the page's own address.
//   node packaging/playground/test.mjs BOOK      (CHROME names the browser, SCREENSHOTS a folder for pictures)
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import puppeteer from "puppeteer-core";

const book = process.argv[2];
const MOST_COMPRESSED = 3_000_000;
const types = { html: "text/html", js: "text/javascript", wasm: "application/wasm", css: "text/css" };

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  try {
    const body = await readFile(join(book, path));
    response.setHeader("content-type", types[path.split(".").pop()] ?? "application/octet-stream");
    response.end(body);
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await puppeteer.launch({ executablePath: process.env.CHROME ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
const elsewhere = [];
page.on("request", (request) => {
  const url = request.url();
  if (!url.startsWith(origin) && !url.startsWith("about:") && !url.startsWith("data:")) elsewhere.push(url);
});

async function told() {
  const done = () => /not checked|No report|did not end/.test(document.getElementById("play-told")?.textContent ?? "");
  await page.waitForFunction(done, { timeout: 60_000 });
  return page.$eval("#play-told", (element) => element.textContent);
}

async function report() {
  return page.$eval("#play-report", (frame) => frame.srcdoc);
}

async function scan(files) {
  await page.evaluate(() => { document.getElementById("play-told").textContent = ""; });
  if (files) {
    await page.click("#play-clear");
    for (const [path, text] of Object.entries(files)) {
      await page.evaluate((path) => { window.prompt = () => path; }, path);
      await page.click("#play-new");
      await page.$eval("#play-text", (element, text) => {
        element.value = text;
        element.dispatchEvent(new Event("input"));
      }, text);
    }
  }
  await page.click("#play-scan");
  return told();
}

try {
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    await page.setViewport({ width, height });
    await page.goto(`${origin}/guide/playground.html`);
    const first = await told();
    assert.match(first, /^[1-9]\d* blocking/, first);
    assert.match(await report(), /Not ready for production/);
    assert.match(await report(), /cors\/wildcard/);
    assert.match(await report(), /config\.js:1/, "the place is where the value is written");
    assert.equal(await page.$eval("h1#playground", (element) => element.textContent.trim()), "Playground");
    const size = await page.$eval("#play-text", (element) => parseFloat(getComputedStyle(element).fontSize));
    assert.ok(size < 18, `the files are shown in letters of ${size} pixels`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `the page is ${over} pixels too wide at ${width}`);
    if (process.env.SCREENSHOTS) await new Promise((r) => setTimeout(r, 1500)), await page.screenshot({ path: join(process.env.SCREENSHOTS, `playground-${width}.png`), fullPage: true });
    console.log(`${width} pixels: ${first}`);
  }
  const fine = await scan({ "compose.yaml": "services:\n  web:\n    build: .\n", Dockerfile: "FROM node:24\nUSER node\nCMD [\"node\", \"server.js\"]\n" });
  assert.match(fine, /^0 blocking/, fine);
  const hostile = await scan({ "../../etc/passwd": "x", "a\u202eb/\u0007.ts": "let x = ", "deep.ts": "[".repeat(100_000), "deep.json": "[".repeat(200_000) });
  assert.doesNotMatch(hostile, /did not end/, hostile);
  console.log(`hostile files: ${hostile}`);
  assert.deepEqual(elsewhere, [], "a request left the page");
  const wasm = await readFile(join(book, "playground", "prodcheck.wasm"));
  const compressed = gzipSync(wasm, { level: 9 }).length;
  console.log(`prodcheck.wasm: ${wasm.length} bytes, ${compressed} compressed`);
  assert.ok(compressed < MOST_COMPRESSED, `${compressed} bytes compressed`);
} finally {
  await browser.close();
  server.close();
}
