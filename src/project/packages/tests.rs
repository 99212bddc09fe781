//! Manifests and the packages they make.

use crate::project::tests::Tree;
use crate::project::{Ecosystem, Package, Project, Section, problem_id};

fn dependencies(package: &Package) -> Vec<(&str, &str, Section)> {
    package.dependencies.iter().map(|(name, d)| (&**name, &*d.range, d.section)).collect()
}

fn only(project: &Project) -> &Package {
    let [package] = project.packages() else { panic!("{:?}", project.packages()) };
    package
}

#[test]
fn a_package_json_gives_name_dependencies_and_scripts() {
    let text = r#"{"name": "api", "version": "1.2.3", "scripts": {"start": "node ."},
        "dependencies": {"bknd": "^0.20.0"}, "devDependencies": {"bknd": "*", "vite": "5"}}"#;
    let project = Tree::new(&[("apps/api/package.json", text)]).open();
    let package = only(&project);
    assert_eq!(
        (&*package.dir, package.name.as_deref(), package.version.as_deref()),
        ("apps/api", Some("api"), Some("1.2.3"))
    );
    assert_eq!(dependencies(package), [("bknd", "^0.20.0", Section::Normal), ("vite", "5", Section::Dev)]);
    let script = package.script("start").unwrap();
    assert!(script.command.is("node ."));
    assert_eq!(&text[script.span.start as usize..script.span.end as usize], r#""node .""#);
    let span = package.dependencies["bknd"].span;
    assert_eq!(&text[span.start as usize..span.end as usize], r#""bknd": "^0.20.0""#);
}

#[test]
fn a_broken_package_json_is_a_problem_and_gives_what_can_be_read() {
    let project =
        Tree::new(&[("package.json", "{\"name\": \"x\", // comment\n}"), ("b/package.json", "{\"name\"")]).open();
    let found: Vec<_> =
        project.problems().iter().map(|p| (p.id, project.file(p.file.unwrap()).path.to_string())).collect();
    let unparsable = problem_id::UNPARSABLE;
    assert_eq!(found, [(unparsable, "b/package.json".into()), (unparsable, "package.json".into())]);
    assert_eq!(project.packages()[0].name.as_deref(), Some("x"));
    assert!(project.problems().iter().all(|problem| problem.span.is_some()));
}

#[test]
fn credentials_in_a_range_are_left_out() {
    let text = r#"{"dependencies": {"x": "git+https://user:hunter2@example.org/x.git#v1"}}"#;
    let project = Tree::new(&[("package.json", text)]).open();
    assert_eq!(&*only(&project).dependencies["x"].range, "git+https://example.org/x.git#v1");
}

#[test]
fn a_pyproject_is_read_in_all_its_dialects() {
    let text = r#"
        [project]
        name = "My_App"
        dependencies = ["FastAPI[all]>=0.110,<1", 'aksara_framework==0.5.1; python_version > "3"']
        optional-dependencies.pg = ["psycopg (>=3)"]
        [dependency-groups]
        dev = ["pytest", { include-group = "lint" }]
        [tool.poetry.dependencies]
        python = "^3.12"
        django = { version = "^5.0", extras = ["bcrypt"] }
        [tool.poetry.group.test.dependencies]
        hypothesis = "*"
    "#;
    let project = Tree::new(&[("pyproject.toml", text)]).open();
    let package = only(&project);
    assert_eq!((package.name.as_deref(), package.ecosystem), (Some("my-app"), Ecosystem::Python));
    let expected = [
        ("aksara-framework", "==0.5.1", Section::Normal),
        ("django", "^5.0", Section::Normal),
        ("fastapi", ">=0.110,<1", Section::Normal),
        ("hypothesis", "*", Section::Dev),
        ("psycopg", ">=3", Section::Optional),
        ("pytest", "*", Section::Dev),
    ];
    assert_eq!(dependencies(package), expected);
}

#[test]
fn requirement_files_of_a_folder_make_one_package() {
    let project = Tree::new(&[
        (
            "requirements.txt",
            "# web\n-r requirements/base.txt\nDjango==5.0.1 \\\n    --hash=sha256:abc\n./local\nhttps://x/y.whl\n",
        ),
        ("requirements/base.txt", "uvicorn[standard] ~= 0.30  # server\n"),
        ("requirements-dev.txt", "pytest>=8\n"),
    ])
    .open();
    let expected = [
        ("django", "==5.0.1", Section::Normal),
        ("pytest", ">=8", Section::Dev),
        ("uvicorn", "~= 0.30", Section::Normal),
    ];
    assert_eq!(dependencies(only(&project)), expected);
}

#[test]
fn setup_files_and_pipfiles_count_too() {
    let project = Tree::new(&[
        (
            "a/setup.cfg",
            "[metadata]\nname = a\n[options]\ninstall_requires =\n    flask>=3\n    celery\n[other]\nx = 1\n",
        ),
        ("b/setup.py", "setup(name='b', install_requires=['flask>=3', \"redis\"], extras={})"),
        ("c/Pipfile", "[packages]\nflask = \"*\"\nuvicorn = {version = \"==0.30\"}\n[dev-packages]\npytest = \"*\"\n"),
    ])
    .open();
    let found: Vec<_> = project.packages().iter().map(dependencies).collect();
    assert_eq!(found[0], [("celery", "*", Section::Normal), ("flask", ">=3", Section::Normal)]);
    assert_eq!(found[1], [("flask", ">=3", Section::Normal), ("redis", "*", Section::Normal)]);
    let expected =
        [("flask", "*", Section::Normal), ("pytest", "*", Section::Dev), ("uvicorn", "==0.30", Section::Normal)];
    assert_eq!(found[2], expected);
}

#[test]
fn a_file_belongs_to_the_nearest_package_of_its_language() {
    let project = Tree::new(&[
        ("package.json", "{}"),
        ("pyproject.toml", ""),
        ("web/package.json", "{}"),
        ("web/src/a.ts", ""),
        ("web/tool.py", ""),
        ("web/compose.yaml", ""),
    ])
    .open();
    let dir = |path: &str| {
        project.nearest_package(project.id(path)).map(|id| project.package(id)).map(|p| (&*p.dir, p.ecosystem))
    };
    assert_eq!(dir("web/src/a.ts"), Some(("web", Ecosystem::Npm)));
    assert_eq!(dir("web/tool.py"), Some(("", Ecosystem::Python)));
    assert_eq!(dir("web/compose.yaml"), Some(("web", Ecosystem::Npm)));
}
