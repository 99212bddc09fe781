//! Whole runs of prodcheck against what its users would run instead, paired: each round times one after the other, so
//! that a busy machine is busy for both. Prints ratios of minimum, median and maximum.
//!
//! `cargo bench --bench compare -- [TREE ...]` takes projects to scan beside the ones that it makes.

#![allow(clippy::disallowed_methods, reason = "a benchmark runs programs; prodcheck runs nothing")]
#![allow(clippy::print_stdout, reason = "what a benchmark is for")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PRODCHECK: &str = env!("CARGO_BIN_EXE_prodcheck");
/// The shapes of sixteen kinds of secrets: what a search for nothing else costs.
const SECRETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/secrets.txt");
/// Paired runs of each comparison.
const ROUNDS: usize = 15;
/// Files of the large tree; most lie in `node_modules`.
const LARGE: usize = 200_000;

fn main() {
    let trees: Vec<PathBuf> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).map(PathBuf::from).collect();
    let work = tempfile::tempdir().expect("a folder");
    let empty = empty_program(work.path());
    println!("{:<44} {:>9} {:>9}   ratio: min / median / max", "", "prodcheck", "other");
    compare("--version : an empty Rust program", &prodcheck(&["--version"]), std::slice::from_ref(&empty));
    compare("rules : an empty Rust program", &prodcheck(&["rules"]), std::slice::from_ref(&empty));
    compare("explain cors/wildcard : an empty program", &prodcheck(&["explain", "cors/wildcard"]), &[empty]);
    for tree in &trees {
        let name = tree.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = tree.to_string_lossy().into_owned();
        against_search(&format!("scan {name} : rg -l cors"), &path, &["-l", "cors"]);
        against_search(&format!("scan {name} : rg -c, secrets alone"), &path, &["-c", "-f", SECRETS]);
    }
    against_aksara(&work.path().join("tickets"));
    against_django(&work.path().join("shop"));
    let large = work.path().join("large");
    monorepo(&large, 8, LARGE);
    against_search("scan of 200,000 files : rg --files -uu", &large.to_string_lossy(), &["--files", "-uu"]);
    fs::remove_dir_all(&large).expect("the large tree can be removed");
    for times in [1, 2, 4, 8] {
        let tree = work.path().join(format!("apps-{times}"));
        monorepo(&tree, 8 * times, 0);
        let path = tree.to_string_lossy().into_owned();
        let took = median(&(0..ROUNDS).map(|_| run(&prodcheck(&["scan", &path]))).collect::<Vec<_>>());
        println!("scan of {:>3} apps of 40 files {:>24}", 8 * times, shown(took));
    }
}

fn prodcheck(arguments: &[&str]) -> Vec<String> {
    [PRODCHECK].iter().chain(arguments).map(|word| (*word).to_owned()).collect()
}

fn against_search(name: &str, path: &str, arguments: &[&str]) {
    let found = Command::new("rg").arg("--version").stdout(Stdio::null()).status();
    if found.is_err() {
        println!("{name:<44} ripgrep is not installed");
        return;
    }
    let search: Vec<String> = ["rg"].iter().chain(arguments).chain(&[path]).map(|word| (*word).to_owned()).collect();
    compare(name, &prodcheck(&["scan", path]), &search);
}

/// Aksara's own check of a deployment, on an app of the size that its examples have.
fn against_aksara(app: &Path) {
    let name = "scan of an Aksara app : production-check";
    if Command::new("aksara").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("{name:<44} aksara is not installed");
        return;
    }
    aksara_app(app);
    let check = ["aksara", "doctor", "production-check", "--format", "json"].map(str::to_owned);
    compare_in(app, name, &prodcheck(&["scan"]), &check);
}

/// Django's own check of a deployment, on what `startproject` makes and sixteen apps beside it.
fn against_django(root: &Path) {
    let name = "scan of a Django project : check --deploy";
    let python = std::env::var("DJANGO_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    fs::create_dir_all(root).expect("a folder");
    let make = |arguments: &[&str]| {
        let mut made = Command::new(&python);
        made.args(["-m", "django"]).args(arguments).current_dir(root).stdout(Stdio::null()).stderr(Stdio::null());
        made.status().is_ok_and(|status| status.success())
    };
    if !make(&["startproject", "shop", "."]) {
        println!("{name:<44} django is not installed for {python} (DJANGO_PYTHON names another one)");
        return;
    }
    let settings = root.join("shop/settings.py");
    let mut text = fs::read_to_string(&settings).expect("the settings");
    for app in 0..16 {
        assert!(make(&["startapp", &format!("part{app}")]), "an app of Django");
        text.push_str(&format!("INSTALLED_APPS += ['part{app}']\n"));
        let models: String = (0..10)
            .map(|model| {
                format!("\n\nclass Model{model}(models.Model):\n    title = models.CharField(max_length=200)\n")
            })
            .collect();
        let path = root.join(format!("part{app}/models.py"));
        fs::write(path, format!("from django.db import models\n{models}")).expect("a file");
    }
    fs::write(&settings, text).expect("the settings");
    fs::write(root.join("requirements.txt"), "django\n").expect("a file");
    let check = [&*python, "manage.py", "check", "--deploy"].map(str::to_owned);
    compare_in(root, name, &prodcheck(&["scan"]), &check);
}

fn compare(name: &str, ours: &[String], other: &[String]) {
    compare_in(Path::new("."), name, ours, other);
}

fn compare_in(folder: &Path, name: &str, ours: &[String], other: &[String]) {
    let run = |command| run_in(folder, command);
    // The first round warms the file cache.
    run(ours);
    run(other);
    let pairs: Vec<(Duration, Duration)> = (0..ROUNDS).map(|_| (run(ours), run(other))).collect();
    let mut ratios: Vec<f64> = pairs.iter().map(|(ours, other)| ours.as_secs_f64() / other.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    let (ours, others): (Vec<Duration>, Vec<Duration>) = pairs.into_iter().unzip();
    println!(
        "{name:<44} {:>9} {:>9}   {:.3} / {:.3} / {:.3}",
        shown(median(&ours)),
        shown(median(&others)),
        ratios[0],
        ratios[ROUNDS / 2],
        ratios[ROUNDS - 1],
    );
}

fn run(command: &[String]) -> Duration {
    run_in(Path::new("."), command)
}

fn run_in(folder: &Path, command: &[String]) -> Duration {
    let start = Instant::now();
    let mut program = Command::new(&command[0]);
    program.args(&command[1..]).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    let status = program.status();
    let took = start.elapsed();
    assert!(status.is_ok_and(|status| status.code().is_some()), "{command:?} did not run to its end");
    took
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// The least that a Rust program can take.
fn empty_program(folder: &Path) -> String {
    let (source, program) = (folder.join("empty.rs"), folder.join("empty"));
    fs::write(&source, "fn main() {}\n").expect("a file");
    let built = Command::new("rustc").arg("-O").arg(&source).arg("-o").arg(&program).status();
    assert!(built.is_ok_and(|status| status.success()), "rustc builds an empty program");
    program.to_string_lossy().into_owned()
}

/// An Aksara app with settings from the environment and eight modules of models and views.
fn aksara_app(root: &Path) {
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("pyproject.toml", "[project]\nname = \"tickets\"\ndependencies = [\"aksara-framework==0.7.2\"]\n");
    write(".gitignore", ".env\n");
    write(".env", "AKSARA_DEBUG=true\nAKSARA_MCP_ENABLED=true\nCORS_ALLOW_ALL_ORIGINS=true\n");
    write(
        "settings.py",
        "import os\nfrom aksara.conf import configure\n\n\
         DEBUG = os.getenv(\"AKSARA_DEBUG\", \"false\").lower() in (\"true\", \"1\")\n\
         configure(debug=DEBUG, ai_enabled=True, mcp_enabled=True)\n",
    );
    write(
        "main.py",
        "from aksara import Aksara\nfrom settings import DEBUG\nimport app.module_0\n\napp = Aksara(debug=DEBUG)\n",
    );
    write("app/__init__.py", "");
    for module in 0..8 {
        let mut text = "from aksara import Model, fields\nfrom aksara.api import ModelViewSet\n".to_owned();
        for model in 0..10 {
            text.push_str(&format!(
                "\n\nclass Model{module}x{model}(Model):\n    title = fields.String(max_length=200)\n    \
                 body = fields.Text(ai_agent_writable=False)\n\n\n\
                 class View{module}x{model}(ModelViewSet):\n    model = Model{module}x{model}\n"
            ));
        }
        write(&format!("app/module_{module}.py"), &text);
    }
}

/// A monorepo of Bknd apps with forty sources each, and as many files in `node_modules` as make up `files`.
fn monorepo(root: &Path, apps: usize, files: usize) {
    let write = |path: PathBuf, text: &str| {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write(root.join("package.json"), r#"{ "workspaces": ["apps/*"] }"#);
    write(root.join(".gitignore"), "node_modules\n.env*\n");
    for app in 0..apps {
        let folder = root.join(format!("apps/app-{app}"));
        write(folder.join("package.json"), r#"{ "dependencies": { "bknd": "0.20.0" } }"#);
        write(folder.join(".env.production"), "CORS_ORIGIN=https://app.example.com\n");
        write(
            folder.join("bknd.config.ts"),
            "import { origin } from './src/part-0';\nexport default { config: { server: { cors: { origin } } } };\n",
        );
        for part in 0..40 {
            let text =
                format!("export const origin = process.env.CORS_ORIGIN ?? '*';\nexport const n{part} = {part};\n");
            write(folder.join(format!("src/part-{part}.ts")), &text);
        }
    }
    for file in 0..files.saturating_sub(apps * 44) {
        let path = root.join(format!("node_modules/package-{}/lib/{}/file-{file}.js", file / 100, file % 7));
        write(path, "module.exports = 1;\n");
    }
}
