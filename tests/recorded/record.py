#!/usr/bin/env python3
"""Write small programs that build a configuration by effects, run each on node or python3, and record what it was.

usage: record.py [--seed N] [--count N] [--out FILE]

The evaluator must give the same value for each, or say that it does not know; src/eval/tests/recorded.rs holds it to that.
What is committed is `record.py` with its defaults. More are made by another seed and count, and held against the
evaluator with RECORDED=FILE cargo test --lib recorded.
"""
import json, pathlib, random, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent


def option(name, default):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


SEED, COUNT = int(option("--seed", "1")), int(option("--count", "240"))
OUT = pathlib.Path(option("--out", str(HERE / "programs.json")))

# --- JavaScript. In a template, P is a path and its value V (as `P = V`); K and V stand for a key of the top and its value;
# # is a number that is used once.
JS = """
config.P = V;
const a# = config; a#.P = V;
let a#; a# = config; a#.P = V;
const { nested: n# } = config; n#.on = false;
const [n#] = [config.nested]; n#.on = false;
const { nested: { list: l# } } = config; l#.push(7);
for (const o# of [config]) o#.P = V;
for (const o# of Object.values({ config })) { o#.P = V; }
for (const k# in config) { if (k# === "K") config[k#] = V; }
[config].forEach((o#) => { o#.P = V; });
[config].map((o#) => o#).forEach(function (o#) { o#.P = V; });
function f#(x) { x.P = V; } f#(config);
function f#(x) { x.P = V; return x; } const r# = f#(config);
const f# = (x = config) => { x.P = V; }; f#();
const f# = ({ nested }) => { nested.on = false; }; f#(config);
const f# = (...all) => { all[0].P = V; }; f#(config);
function f#(x) { const inner = () => { x.P = V; }; inner(); } f#(config);
function f#() { return config; } f#().P = V;
const f# = () => config.nested; f#().on = false;
function f#() { return { config }; } f#().config.P = V;
set(config);
setNested(config.nested);
Object.assign(config, { K: V });
Object.assign(config.nested, { on: false });
const t# = Object.assign(config, { K: V });
const s# = { K: V }; Object.assign(config, s#);
Object.defineProperty(config, "K", { value: V, enumerable: true, writable: true, configurable: true });
Object.defineProperty(config, "K", { get() { return V; }, enumerable: true, configurable: true });
Object.defineProperties(config, { K: { value: V, enumerable: true, writable: true, configurable: true } });
Reflect.set(config, "K", V);
Reflect.deleteProperty(config, "K");
delete config.P;
delete config["K"];
const k# = "K"; config[k#] = V;
config["K"] = V;
config[["K"][0]] = V;
const k# = Object.keys(config)[0]; config[k#] = V;
if (process.env.MODE) config.P = V;
if (!process.env.MODE) config.P = V;
if (process.env.MODE) { config.P = V; } else { config.P = W; }
process.env.MODE || (config.P = V);
process.env.MODE && (config.P = V);
process.env.MODE ?? (config.P = V);
process.env.MODE ? (config.P = V) : 0;
function f#() { if (process.env.MODE) return; config.P = V; } f#();
function f#() { if (!process.env.MODE) return; config.P = V; } f#();
function f#() { if (!process.env.MODE) { return 1; } config.K = V; return 2; } config.limit = f#();
function f#(x) { if (!process.env.MODE) return { ...x }; x.K = V; return x; } config = f#(config);
const f# = () => { config.P = V; }; f#();
const f# = () => { config.P = V; };
let v# = true; (() => { v# = false; })(); config.guard = v#;
let v# = true; const f# = () => v#; v# = false; config.guard = f#();
let v# = true; function f#() { return v#; } const r# = f#(); v# = false; config.guard = r#;
let v# = 1; const w# = v#; v# = 2; config.limit = w#;
let v# = true; if ((v# = false)) {} config.guard = v#;
let v# = true; [1].forEach(() => { v# = false; }); config.guard = v#;
let v#; config.guard = (v# = false); config.limit = v# === false ? 0 : 1;
var v# = true; { var v# = false; } config.guard = v#;
let v# = true; { let v# = false; v#; } config.guard = v#;
const p# = new Proxy(config, {}); p#.P = V;
const p# = new Proxy({}, { get: () => V }); config.K = p#.anything;
class C# { constructor(x) { x.P = V; } } new C#(config);
class C# { constructor(x) { this.x = x; } go() { this.x.P = V; } } new C#(config).go();
class C# { static { config.P = V; } }
class C# { static on = true; static { C#.on = false; } } config.guard = C#.on;
class C# { static on = true; } C#.on = false; config.guard = C#.on;
class C# { on = true; constructor() { this.on = false; } } config.guard = new C#().on;
class C# { on = true; off() { this.on = false; return this; } } config.guard = new C#().off().on;
class B# { on = true; } class C# extends B# { on = false; } config.guard = new C#().on;
class C# { get on() { return false; } } config.guard = new C#().on;
class C# { set on(x) { config.P = V; } } new C#().on = 1;
const g# = { get go() { config.P = V; return 1; } }; g#.go;
const g# = { set go(x) { config.P = V; } }; g#.go = 1;
const g# = { on: true, off() { this.on = false; } }; g#.off(); config.guard = g#.on;
const g# = { toString() { config.P = V; return ""; } }; `${g#}`;
const m# = new Map([["k", config]]); m#.get("k").P = V;
const m# = new Map(); m#.set("k", config); m#.get("k").P = V;
for (const x# of new Set([config])) x#.P = V;
const w# = new WeakMap(); w#.set(config, config); w#.get(config).P = V;
const b# = [config]; b#[0].P = V;
const b# = [config]; b#.at(0).P = V;
const b# = [config]; b#.pop().P = V;
const b# = [config]; b#.find(() => true).P = V;
const b# = [[config]]; b#.flat()[0].P = V;
const b# = []; b#.push(config); b#[0].P = V;
const b# = [config]; const [c#] = b#; c#.P = V;
Array.from([config])[0].P = V;
(function () { this.P = V; }).call(config);
(function () { this.P = V; }).apply(config, []);
(function () { this.P = V; }).bind(config)();
[1].reduce((all#) => { all#.P = V; return all#; }, config);
const c# = JSON.parse(JSON.stringify(config)); c#.P = V;
const c# = structuredClone(config); c#.P = V;
const c# = { ...config }; c#.K = V;
const c# = { ...config }; c#.nested.on = false;
const c# = { ...config, nested: { ...config.nested } }; c#.nested.on = false;
const c# = Object.freeze({ ...config }); config.P = V;
config = { ...config, K: V };
config = { K: V, ...config };
config = { ...config, nested: { ...config.nested, on: false } };
const o# = { nested: config.nested }; o#.nested.on = false;
const s# = { on: true, list: [] }; config.nested = s#; s#.on = false;
const s# = { on: true, list: [] }; config = { ...config, nested: s# }; s#.on = false;
for (const x of [1, 2, 3]) { if (x === 2) break; config.limit = x; }
for (const x of [1, 2, 3]) { if (x === 2) continue; config.limit = x; }
for (const x of [1, 2, 3]) { if (!process.env.MODE) break; config.limit = x; }
for (const x of [1, 2, 3]) { if (process.env.MODE) continue; config.limit = x; }
for (let i = 0; i < 3; i++) { config.limit = i; }
for (let i = 0; i < 3; i++) { if (i === 1) break; config.limit = i; }
let i# = 0; while (i# < 3) { i#++; } config.limit = i#;
outer#: for (const x of [1, 2]) { for (const y of [1, 2]) { if (y === 2) continue outer#; config.limit = x * 10 + y; } }
outer#: for (const x of [1, 2]) { for (const y of [1, 2]) { if (y === 2) break outer#; config.limit = x * 10 + y; } }
switch (config.limit) { case 5: config.K = V; break; default: config.K = W; }
switch ("b") { case "a": config.K = V; case "b": config.K = V; case "c": config.limit = 3; break; case "d": config.limit = 4; }
switch (process.env.MODE) { case undefined: config.K = V; break; default: config.K = W; }
try { JSON.parse("{"); config.K = W; } catch { config.K = V; }
try { config.K = V; } catch { config.K = W; } finally { config.limit = 6; }
try { throw new Error("x"); } catch (e) { config.P = V; }
const f# = () => { try { return 1; } finally { config.P = V; } }; config.limit = f#();
[config.guard] = [false];
({ a: config.guard } = { a: false });
({ guard: config.guard = false } = {});
const t# = (config.P = V);
String((config.P = V));
const t# = [(config.P = V)];
if ((config.K = V)) {}
config.limit += 1;
config.limit ??= 9;
config.limit ||= 9;
config.guard &&= false;
config.limit++;
--config.limit;
config.name += "z";
config.limit = 1, config.K = V;
void (config.K = V);
config.limit = parseInt("0.9");
config.limit = parseInt("12px", 10);
config.limit = parseInt("11", 2);
config.limit = Number("12px") || 7;
config.limit = Number("");
config.limit = +"0x10";
config.limit = parseFloat("1.5e1x");
config.limit = Number(" 42 ");
config.limit = Math.max(...[1, 8, 3]);
config.limit = [1, 2, 3].length;
config.limit = "abc".indexOf("c");
config.limit = [5, 6].map((x, i) => x * i)[1];
config.limit = [3, 1, 2].sort()[0];
config.limit = Array.from({ length: 3 }, (_, i) => i)[2];
config.limit = Array.from([1, 2], (x) => x * 2)[1];
config.limit = [...new Set([1, 1, 2])].length;
config.limit = Object.keys({ a: 1, b: 2 }).length;
config.limit = "a,b".split(",").length;
config.limit = [1, [2, 3]].flat().length;
config.limit = (() => { let s = 0; for (const x of [1, 2, 3]) s += x; return s; })();
config.limit = ((a, b = a + 1) => b)(1);
config.limit = (function () { return arguments.length; })(1, 2, 3);
config.limit = ~~"7.9";
config.limit = 7 / 2 | 0;
config.name = typeof config.limit;
config.name = `${config.name}-${config.limit}`;
config.name = ["a", "b"].join();
config.name = "AbC".toLowerCase();
config.name = "a-b-c".replace("-", "+");
config.name = "x".padStart(3, "y");
config.name = String(null);
config.name = "abc".slice(-1);
config.guard = "false" === "true";
config.guard = Boolean("false");
config.guard = !!"";
config.guard = [1, 2].includes(3);
config.guard = [].length > 0;
config.guard = null ?? false;
config.guard = 0 || false;
config.guard = "" == 0;
config.guard = NaN === NaN;
config.guard = [1, 2].some((x) => x > 1) && ![1].every((x) => x > 1);
config.guard = "guard" in config;
config.guard = config instanceof Object;
config.nested.list.push(3);
config.nested.list.unshift(3);
config.nested.list.splice(0, 1);
config.nested.list.reverse();
config.nested.list.length = 0;
config.nested.list[0] = 9;
config.nested.list = config.nested.list.filter((x) => x > 1);
config.nested.list = config.nested.list.concat([4], 5);
config.nested.list = [...config.nested.list, 8];
const l# = config.nested.list; l#.push(6);
config.nested.list.pop();
function* g#() { config.P = V; yield 1; } [...g#()];
function* g#() { config.P = V; yield 1; } g#();
async function f#() { config.P = V; } f#();
await (async () => { config.P = V; })();
await null; config.P = V;
await Promise.resolve().then(() => { config.P = V; });
queueMicrotask(() => { config.P = V; }); await null;
function tag#(parts, x) { x.P = V; } tag#`${config}`;
globalThis.c# = config; globalThis.c#.P = V;
eval("config.P = V");
with_(config, (x) => { x.P = V; });
const { guard: g#, ...rest# } = config; rest#.nested.on = false; config.guard = !g#;
process.env.SET# = "1"; config.limit = process.env.SET# ? 1 : 0;
Object.assign(process.env, { SET#: "1" }); config.limit = process.env.SET# ? 1 : 0;
delete process.env.SET#; config.limit = process.env.SET# ? 1 : 0;
const e# = process.env; e#.SET# = "off"; config.guard = process.env.SET# !== "off";
config.guard = process.env.GUARD !== "false";
config.guard = shared.on; shared.on = !shared.on;
config.nested = shared;
toggle();
config.guard = flag; 
""".strip().split("\n")

JS_HELP = """export function set(x) { x.K = V; }
export function setNested(x) { x.on = false; }
export const with_ = (x, f) => f(x);
export const shared = { on: true, list: [] };
export let flag = true;
export function toggle() { flag = false; shared.on = false; }
"""

JS_STARTS = [
    'let config = { guard: true, limit: 5, name: "a", nested: { on: true, list: [1, 2] } };',
    'const nested = { on: true, list: [1, 2] };\nlet config = { guard: true, limit: 5, name: "a", nested };',
    'const defaults = { guard: true, limit: 5, nested: { on: true, list: [1, 2] } };\nlet config = { ...defaults, name: "a" };',
    'function make() { return { guard: true, limit: 5, name: "a", nested: { on: true, list: [1, 2] } }; }\nlet config = make();',
    'let config = Object.assign({}, { guard: true, limit: 5, name: "a" }, { nested: { on: true, list: [1, 2] } });',
]
JS_ENTRY = ["config.P = V;", "Object.assign(config, { K: V });", "set(config);", "delete config.K;", "config.nested.on = false;", "const c = config; c.K = V;"]

# --- Python.
PY = r"""
config["K"] = V
config["nested"]["on"] = False
a# = config; a#["K"] = V
n# = config["nested"]; n#["on"] = False
for o# in [config]: o#["K"] = V
for k# in list(config): config[k#] = config[k#] if k# != "K" else V
[o#.update(K=V) for o# in [config]]
def f#(x): x["K"] = V\nf#(config)
def f#(): config["K"] = V\nf#()
def f#(): config["K"] = V
def f#(x=config): x["K"] = V\nf#()
def f#(*all): all[0]["K"] = V\nf#(config)
def f#(**kw): kw["config"]["K"] = V\nf#(config=config)
def f#(**kw): kw["guard"] = False; return kw\nconfig = f#(**config)
def f#(): return config\nf#()["K"] = V
f# = lambda x: x.update(K=V)\nf#(config)
set_(config)
config.update(K=V)
config.update({"K": V})
config["nested"].update(on=False)
config |= {"K": V}
config = config | {"K": V}
config = {**config, "K": V}
config = {"K": V, **config}
config = dict(config, K=V)
c# = dict(config); c#["K"] = V
c# = dict(config); c#["nested"]["on"] = False
c# = config.copy(); c#["nested"]["on"] = False
import copy; c# = copy.deepcopy(config); c#["nested"]["on"] = False
config.setdefault("K", V)
config.setdefault("extra", V)
config.pop("K", None)
del config["K"]
k# = "K"; config[k#] = V
config.__setitem__("K", V)
import operator; operator.setitem(config, "K", V)
import os\nif os.environ.get("MODE"): config["K"] = V
import os\nif not os.environ.get("MODE"): config["K"] = V
import os\nos.environ.get("MODE") or config.update(K=V)
import os\nos.environ.get("MODE") and config.update(K=V)
import os\ndef f#():\n    if os.environ.get("MODE"): return\n    config["K"] = V\nf#()
import os\ndef f#():\n    if not os.environ.get("MODE"): return 1\n    return 2\nconfig["limit"] = f#()
v# = True\ndef f#():\n    global v#\n    v# = False\nf#()\nconfig["guard"] = v#
v# = True\ndef f#():\n    v# = False\nf#()\nconfig["guard"] = v#
def f#():\n    v = True\n    def g():\n        nonlocal v\n        v = False\n    g()\n    return v\nconfig["guard"] = f#()
v# = True\ndef f#(): return v#\nr# = f#()\nv# = False\nconfig["guard"] = r#
v# = 1; w# = v#; v# = 2; config["limit"] = w#
if (v# := False) or True: config["guard"] = v#
class C#: on = True\nC#.on = False\nconfig["guard"] = C#.on
class C#: on = True\nsetattr(C#, "on", False)\nconfig["guard"] = C#.on
class C#:\n    on = True\n    def __init__(self): self.on = False\nconfig["guard"] = C#().on
class C#:\n    on = True\n    def off(self): self.on = False\nc# = C#(); c#.off(); config["guard"] = c#.on
class C#:\n    on = True\nc# = C#(); c#.on = False; config["guard"] = c#.on
class B#: on = True\nclass C#(B#): on = False\nconfig["guard"] = C#.on
class C#:\n    def __init__(self, x): x["K"] = V\nC#(config)
class C#:\n    def __init__(self, on=True): self.on = on\nc# = C#(on=False); config["guard"] = c#.on
from dataclasses import dataclass\n@dataclass\nclass C#:\n    on: bool = True\nc# = C#(); c#.on = False; config["guard"] = c#.on
from types import SimpleNamespace\nn# = SimpleNamespace(on=True); n#.on = False; config["guard"] = n#.on
from functools import partial\nf# = partial(dict, guard=False); config["guard"] = f#()["guard"]
def deco#(f):\n    config["K"] = V\n    return f\n@deco#\ndef g#(): pass
try:\n    import not_there_at_all\n    config["K"] = W\nexcept ImportError:\n    config["K"] = V
try:\n    from not_there_at_all import x\nexcept ImportError:\n    config["limit"] = 7
try:\n    int("x"); config["limit"] = 1\nexcept ValueError:\n    config["limit"] = 2
try:\n    config["K"] = V\nexcept Exception:\n    config["K"] = W\nelse:\n    config["limit"] = 3\nfinally:\n    config["name"] = "f"
for x in [1, 2, 3]:\n    if x == 2: break\n    config["limit"] = x
for x in [1, 2, 3]:\n    if x == 2: continue\n    config["limit"] = x
for x in [1, 2]:\n    config["limit"] = x\nelse:\n    config["limit"] = 9
import os\nfor x in [1, 2, 3]:\n    if not os.environ.get("MODE"): break\n    config["limit"] = x
i# = 0\nwhile i# < 3: i# += 1\nconfig["limit"] = i#
with open(__file__) as f#: config["K"] = V
match config["limit"]:\n    case 5: config["K"] = V\n    case _: config["K"] = W
config["limit"] += 1
config["name"] += "z"
config["limit"] = int("12")
config["limit"] = int(0.9)
config["limit"] = int(True)
config["limit"] = 7 // 2
config["limit"] = -7 // 2
config["limit"] = 2 ** 3
config["limit"] = len([1, 2])
config["limit"] = len("abc")
config["limit"] = len({1, 1, 2})
config["limit"] = sum([1, 2])
config["limit"] = max(1, 8)
config["limit"] = [3, 1][-1]
config["limit"] = sorted([3, 1])[0]
config["limit"] = [x * 2 for x in [1, 2]][1]
config["limit"] = list({"a": 1, "b": 2})[0]
config["limit"] = dict(a=1).get("b", 4)
config["name"] = "a-b".replace("-", "+")
config["name"] = "%s-%d" % ("a", 1)
config["name"] = f"{config['name']}!"
config["name"] = ",".join(["a", "b"])
config["name"] = str(None)
config["name"] = str(True)
config["name"] = "AbC".lower()
config["name"] = "abc"[-1]
config["guard"] = bool("False")
config["guard"] = not []
config["guard"] = 1 in [2, 3]
config["guard"] = "guard" in config
config["guard"] = None or False
config["guard"] = any(x > 1 for x in [1, 2]) and False
config["guard"] = isinstance(config, list)
config["guard"] = "true".lower() in ("1", "true") and "x" == "y"
config["nested"]["list"].append(3)
config["nested"]["list"].insert(0, 3)
config["nested"]["list"] += [4]
config["nested"]["list"].extend([4, 5])
config["nested"]["list"].clear()
config["nested"]["list"][0] = 9
config["nested"]["list"].remove(1)
config["nested"]["list"].reverse()
config["nested"]["list"] = config["nested"]["list"] + [8]
config["nested"]["list"] = [x for x in config["nested"]["list"] if x > 1]
l# = config["nested"]["list"]; l# += [6]
l# = config["nested"]["list"]; l# = l# + [6]
s# = {"on": True, "list": []}; config["nested"] = s#; s#["on"] = False
x#, config["guard"] = 1, False
exec('config["K"] = V')
globals()["config"]["K"] = V
vars()["v#"] = False; config["guard"] = v#
import os; os.environ["SET#"] = "1"; config["limit"] = 1 if os.environ.get("SET#") else 0
import os; os.environ.update(SET#="1"); config["limit"] = 1 if os.environ.get("SET#") else 0
import os; os.environ.setdefault("SET#", "1"); config["limit"] = 1 if os.getenv("SET#") else 0
import os; config["guard"] = os.getenv("GUARD", "true") != "false"
config["guard"] = help.shared["on"]
help.toggle(); config["guard"] = help.flag
config["nested"] = help.shared; help.toggle()
def g#():\n    config["K"] = V\n    yield 1\nlist(g#())
def g#():\n    config["K"] = V\n    yield 1\ng#()
(lambda c: c.__setitem__("K", V))(config)
list(map(lambda c: c.update(K=V), [config]))
[config][0]["K"] = V
{"c": config}["c"]["K"] = V
(config,)[0]["nested"]["on"] = False
""".strip().split("\n")
PY_HELP = """def set_(x): x["K"] = V
shared = {"on": True, "list": []}
flag = True
def toggle():
    global flag
    flag = False
    shared["on"] = False
"""
PY_STARTS = [
    'config = {"guard": True, "limit": 5, "name": "a", "nested": {"on": True, "list": [1, 2]}}',
    'nested = {"on": True, "list": [1, 2]}\nconfig = {"guard": True, "limit": 5, "name": "a", "nested": nested}',
    'defaults = {"guard": True, "limit": 5, "nested": {"on": True, "list": [1, 2]}}\nconfig = {**defaults, "name": "a"}',
    'config = dict(guard=True, limit=5, name="a", nested=dict(on=True, list=[1, 2]))',
    'def make(): return {"guard": True, "limit": 5, "name": "a", "nested": {"on": True, "list": [1, 2]}}\nconfig = make()',
]
PY_ENTRY = ['config["K"] = V', "config.update(K=V)", "set_(config)", 'config["nested"]["on"] = False', 'c = config; c["K"] = V']

PATHS = [("guard", "false"), ("nested.on", "false"), ("limit", "9"), ("name", '"b"')]
KEYS = [("guard", "false", "true"), ("limit", "9", "4"), ("name", '"b"', '"c"')]


def fill(template, number, rng, python=False):
    path, value = rng.choice(PATHS)
    key, new, other = rng.choice(KEYS)
    title = lambda text: text.capitalize() if python and text in ("true", "false") else text
    if " = V" in template and ".P" in template:
        new = value
        other = {"false": "true", "9": "4", '"b"': '"c"'}[value]
    template = template.replace("\\n", "\n").replace(".P", "." + path)
    # A key and a value are whole words.
    out, word = "", ""
    for c in template + "\0":
        if c.isalnum() or c == "_":
            word += c
            continue
        out += {"K": key, "V": title(new), "W": title(other)}.get(word, word)
        word = ""
        out += c
    return out[:-1].replace("#", str(number))


def javascript(rng, templates=None):
    chosen = templates or [rng.choice(JS) for _ in range(rng.choice([1, 1, 2, 3]))]
    body = [fill(t, n, rng) for n, t in enumerate(chosen)]
    helper = fill(JS_HELP, 0, rng)
    lines = ['import { set, setNested, with_, shared, flag, toggle } from "./help.mjs";', rng.choice(JS_STARTS), *body]
    lines.append(rng.choice(["export default config;", "export { config as default };"]))
    files = {"main.mjs": "\n".join(lines) + "\n", "help.mjs": helper}
    if templates is None and rng.random() < 0.15:
        change = fill(rng.choice(JS_ENTRY), 0, rng)
        files["entry.mjs"] = 'import config from "./main.mjs";\nimport { set } from "./help.mjs";\n' + change + "\n"
    return "javascript", files


def python(rng, templates=None):
    chosen = templates or [rng.choice(PY) for _ in range(rng.choice([1, 1, 2, 3]))]
    body = [fill(t, n, rng, True) for n, t in enumerate(chosen)]
    helper = fill(PY_HELP, 0, rng, True)
    files = {"main.py": "\n".join(["import help", "from help import set_", rng.choice(PY_STARTS), *body]) + "\n", "help.py": helper}
    if templates is None and rng.random() < 0.15:
        change = fill(rng.choice(PY_ENTRY), 0, rng, True)
        files["entry.py"] = "from main import config\nfrom help import set_\n" + change + "\n"
    return "python", files


NODE = """
const all = JSON.parse(process.argv[2]);
for (const [folder, entry] of all) {
  const before = { ...process.env };
  let told;
  try {
    if (entry) await import(folder + "/entry.mjs");
    const c = (await import(folder + "/main.mjs")).default;
    const plain = (x) => (x === undefined ? { absent: true } : typeof x === "number" && !Number.isFinite(x) ? { not_finite: true } : x);
    told = { guard: plain(c.guard), limit: plain(c.limit), name: plain(c.name), on: plain(c.nested?.on), list: plain(c.nested?.list) };
  } catch (e) { told = null; }
  for (const k of Object.keys(process.env)) if (!(k in before)) delete process.env[k];
  console.log(JSON.stringify(told));
}
"""
PYTHON = """
import json, os, sys
for folder, entry in json.loads(sys.argv[1]):
    before = dict(os.environ)
    sys.path.insert(0, folder)
    for name in ("main", "help", "entry"): sys.modules.pop(name, None)
    try:
        import main
        if entry: import entry
        c = main.config
        plain = lambda c, k: c[k] if k in c else {"absent": True}
        nested = c.get("nested", {})
        told = {"guard": plain(c, "guard"), "limit": plain(c, "limit"), "name": plain(c, "name"), "on": plain(nested, "on"), "list": plain(nested, "list")}
        line = json.dumps(told)
    except BaseException as e:
        line = "null"
    sys.path.pop(0)
    os.environ.clear(); os.environ.update(before)
    print(line)
"""


def observe(programs):
    """What each program's configuration is at the end."""
    values = []
    with tempfile.TemporaryDirectory() as root:
        for start in range(0, len(programs), 200):
            part, told = programs[start : start + 200], {}
            for language, command, watcher, suffix in (
                ("javascript", "node", NODE, ".mjs"),
                ("python", "python3", PYTHON, ".py"),
            ):
                folders = []
                for index, (own, files) in enumerate(part):
                    if own != language:
                        continue
                    folder = pathlib.Path(root) / f"{start + index}"
                    folder.mkdir()
                    for name, text in files.items():
                        (folder / name).write_text(text)
                    folders.append((index, [str(folder), "entry" + suffix in files]))
                if not folders:
                    continue
                watch = pathlib.Path(root) / ("watch" + suffix)
                watch.write_text(watcher)
                env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
                out = subprocess.run([command, str(watch), json.dumps([f for _, f in folders])], capture_output=True, text=True, env=env, timeout=300)
                lines = out.stdout.strip().split("\n")
                if len(lines) != len(folders):
                    sys.exit(f"{command} told of {len(lines)} of {len(folders)} programs: {out.stderr[-2000:]}")
                told.update({index: json.loads(line) for (index, _), line in zip(folders, lines)})
            values.extend(told[index] for index in range(len(part)))
    return values


def main():
    rng = random.Random(SEED)
    programs = []
    # Each effect once by itself, then several together.
    if SEED == 1:
        programs += [javascript(rng, [template]) for template in JS]
        programs += [python(rng, [template]) for template in PY]
    programs += [(javascript if rng.random() < 0.6 else python)(rng) for _ in range(COUNT)]
    values = observe(programs)
    kept = [
        {"language": language, "files": files, "value": value}
        for (language, files), value in zip(programs, values)
        if value is not None
    ]
    OUT.write_text("[\n" + ",\n".join(json.dumps(program) for program in kept) + "\n]\n")
    print(f"{len(kept)} programs, {len(programs) - len(kept)} that throw left out")


main()
