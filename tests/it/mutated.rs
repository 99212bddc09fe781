//! The fuzz targets on every fixture and rule, and on fixtures that were cut, doubled and spliced: a short run in each
//! `cargo test`. `fuzz/run` is the long one, guided by coverage.

#[path = "../../fuzz/src/readers.rs"]
mod readers;
#[path = "../../fuzz/src/scans.rs"]
mod scans;

use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The files below a folder of the repository that a fuzzer would start from.
fn files(folder: &str) -> Vec<Vec<u8>> {
    fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() { collect(&entry, into) } else { into.push(entry) }
        }
    }
    let mut paths = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut paths);
    paths.sort();
    let read = |path: PathBuf| fs::read(path).ok().filter(|bytes| bytes.len() < 16 << 10);
    paths.into_iter().filter_map(read).collect()
}

static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| files("fixtures"));
static RULES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| files("rules"));

/// Whatever opens, closes, or means something in one of the languages.
const TOKENS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "`",
    "'",
    "\"",
    "${",
    "#{",
    "/*",
    "*/",
    "//",
    "#",
    "\\",
    "\r\n",
    "\n",
    "\t",
    "\0",
    "=>",
    "??",
    "?.",
    "...",
    "export default ",
    "import('x')",
    "await ",
    "async ",
    "yield ",
    "class A extends ",
    "lambda: ",
    "def f():\n ",
    "&a ",
    "*a",
    "<<: ",
    "!!binary ",
    "- ",
    "? ",
    ": ",
    "=",
    ",",
    "$",
    "%",
    "@",
    "\u{202e}",
    "\u{feff}",
    "é",
    "👾",
    "FROM ",
    "ARG X=",
    "\\\n",
    "=== package.json\n",
    "[[case]]\n",
    "when = { all = [] }\n",
    "1e999",
    "-",
    "\u{1b}[31m",
];

/// One change of a text, its places given in parts of its length.
#[derive(Clone, Debug)]
enum Change {
    Cut(f64, f64),
    Double(f64, f64),
    Insert(f64, &'static str),
    Repeat(f64, &'static str, usize),
    Splice(f64, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let token = || prop::sample::select(TOKENS);
    prop_oneof![
        (0.0..1.0, 0.0..1.0).prop_map(|(from, to)| Change::Cut(from, to)),
        (0.0..1.0, 0.0..1.0).prop_map(|(from, to)| Change::Double(from, to)),
        (0.0..1.0, token()).prop_map(|(at, token)| Change::Insert(at, token)),
        (0.0..1.0, token(), 2usize..600).prop_map(|(at, token, times)| Change::Repeat(at, token, times)),
        (0.0..1.0, any::<usize>()).prop_map(|(at, other)| Change::Splice(at, other)),
    ]
}

fn mutated(seeds: &[Vec<u8>], seed: usize, changes: &[Change]) -> Vec<u8> {
    let mut bytes = seeds[seed % seeds.len()].clone();
    for change in changes {
        let place = |part: f64| (part * bytes.len() as f64) as usize;
        match change {
            Change::Cut(from, to) => drop(bytes.drain(place(from.min(*to))..place(from.max(*to)))),
            Change::Double(from, to) => {
                let part = bytes[place(from.min(*to))..place(from.max(*to))].to_vec();
                bytes.splice(place(*to)..place(*to), part);
            }
            Change::Insert(at, token) => drop(bytes.splice(place(*at)..place(*at), token.bytes())),
            Change::Repeat(at, token, times) => {
                drop(bytes.splice(place(*at)..place(*at), token.repeat(*times).into_bytes()));
            }
            Change::Splice(at, other) => {
                let other = &seeds[other % seeds.len()];
                bytes.truncate(place(*at));
                bytes.extend(&other[other.len() / 2..]);
            }
        }
        bytes.truncate(64 << 10);
    }
    bytes
}

/// The readers of single texts; all of them look at every seed.
const READERS: &[fn(&[u8])] = &[
    readers::typescript,
    readers::python,
    readers::data,
    readers::dockerfile,
    readers::nginx,
    readers::rule,
    readers::config,
];

#[test]
fn every_reader_reads_every_fixture_and_rule() {
    assert!(FIXTURES.len() > 100 && RULES.len() > 100, "{} and {}", FIXTURES.len(), RULES.len());
    for seed in FIXTURES.iter().chain(RULES.iter()) {
        READERS.iter().for_each(|reader| reader(seed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn readers_end_and_give_spans_that_cut_the_text(
        seed in any::<usize>(), changes in prop::collection::vec(change(), 1..6), first in any::<u8>(),
    ) {
        let mut bytes = mutated(&FIXTURES, seed, &changes);
        bytes.insert(0, first);
        READERS.iter().for_each(|reader| reader(&bytes));
    }

    #[test]
    fn rules_of_any_text_load_or_are_refused(
        seed in any::<usize>(), changes in prop::collection::vec(change(), 1..4),
    ) {
        readers::rule(&mutated(&RULES, seed, &changes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scans_of_any_project_end_say_the_same_twice_and_keep_the_secret(
        seed in any::<usize>(), changes in prop::collection::vec(change(), 1..4),
    ) {
        let bytes = mutated(&FIXTURES, seed, &changes);
        scans::evaluate_typescript(&bytes);
        scans::evaluate_python(&bytes);
        scans::tree(&[b"=== bknd.config.ts\n".as_slice(), &bytes].concat());
        scans::tree(&[b"=== main.py\n".as_slice(), &bytes].concat());
    }

    #[test]
    fn scans_of_any_set_of_files_end(
        seeds in prop::collection::vec((any::<usize>(), prop::sample::select(PATHS)), 1..6),
        changes in prop::collection::vec(change(), 0..4),
    ) {
        let mut tree = Vec::new();
        for (seed, path) in seeds {
            tree.extend(format!("=== {path}\n").bytes());
            tree.extend(&FIXTURES[seed % FIXTURES.len()]);
        }
        scans::tree(&mutated(&[tree], 0, &changes));
    }
}

/// Where the files of a generated project lie.
const PATHS: &[&str] = &[
    "package.json",
    "pyproject.toml",
    "bknd.config.ts",
    "main.py",
    "src/main.ts",
    "server/index.ts",
    "lucent.config.ts",
    ".env",
    ".env.production",
    ".env.example",
    ".gitignore",
    "Dockerfile",
    "compose.yaml",
    "wrangler.jsonc",
    "vercel.json",
    "fly.toml",
    "render.yaml",
    "nginx.conf",
    "k8s/app.yaml",
    ".github/workflows/deploy.yml",
    "prodcheck.toml",
    "Procfile",
];
