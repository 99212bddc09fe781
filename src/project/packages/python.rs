//! Reads `pyproject.toml`, `Pipfile`, `setup.cfg` and `setup.py`.

use super::requirements::{normalised, requirement};
use super::{ManifestText, Package, Section};
use crate::project::problem::{Problem, id};
use crate::syntax::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Table<'t> = DeTable<'t>;

/// Adds what a `pyproject.toml` says: PEP 621, Poetry, dependency groups, uv.
pub(super) fn read_pyproject(package: &mut Package, manifest: &mut ManifestText<'_>) {
    let Some(document) = parse(manifest) else { return };
    if let Some(project) = table(&document, &["project"]) {
        name_it(package, project);
        let listed = project.get("dependencies");
        read_list(package, manifest, listed, Section::Normal);
        read_groups(package, manifest, table(project, &["optional-dependencies"]), Section::Optional);
    }
    read_groups(package, manifest, table(&document, &["dependency-groups"]), Section::Dev);
    if let Some(uv) = table(&document, &["tool", "uv"]) {
        read_list(package, manifest, uv.get("dev-dependencies"), Section::Dev);
        package.workspaces = table(uv, &["workspace"]).map(|workspace| strings(workspace.get("members")));
    }
    let Some(poetry) = table(&document, &["tool", "poetry"]) else { return };
    if package.name.is_none() {
        name_it(package, poetry);
    }
    read_table(package, manifest, table(poetry, &["dependencies"]), Section::Normal);
    read_table(package, manifest, table(poetry, &["dev-dependencies"]), Section::Dev);
    for (_, group) in table(poetry, &["group"]).into_iter().flatten() {
        let listed = group.get_ref().as_table().and_then(|group| table(group, &["dependencies"]));
        read_table(package, manifest, listed, Section::Dev);
    }
}

/// Adds what a `Pipfile` says.
pub(super) fn read_pipfile(package: &mut Package, manifest: &mut ManifestText<'_>) {
    let Some(document) = parse(manifest) else { return };
    read_table(package, manifest, table(&document, &["packages"]), Section::Normal);
    read_table(package, manifest, table(&document, &["dev-packages"]), Section::Dev);
}

/// Adds what a `setup.cfg` says: `install_requires` and the extras, one requirement a line.
pub(super) fn read_setup_cfg(package: &mut Package, manifest: &ManifestText<'_>) {
    let (mut section, mut key, mut offset) = ("", "", 0);
    for line in manifest.text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            (section, key) = (name, "");
            continue;
        }
        let mut value = trimmed;
        if !line.starts_with([' ', '\t']) {
            let Some((name, rest)) = trimmed.split_once('=') else { continue };
            (key, value) = (name.trim(), rest.trim());
        }
        let wanted = match (section, key) {
            ("metadata", "name") if package.name.is_none() => {
                package.name = Some(normalised(value).into());
                None
            }
            ("metadata", "version") if package.version.is_none() => {
                package.version = Some(value.into());
                None
            }
            ("options", "install_requires") => Some(Section::Normal),
            ("options.extras_require", _) => Some(Section::Optional),
            _ => None,
        };
        let (Some(section), Some((name, range))) = (wanted, requirement(value)) else { continue };
        let at = start + line.find(value).unwrap_or(0);
        package.add(name, manifest.dependency(range, section, span(at..at + value.len())));
    }
}

/// Adds the texts in the `install_requires=[...]` of a `setup.py`; what is computed there cannot be seen.
pub(super) fn read_setup_py(package: &mut Package, manifest: &ManifestText<'_>) {
    let Some(at) = manifest.text.find("install_requires") else { return };
    let Some(open) = manifest.text[at..].find('[').map(|open| at + open + 1) else { return };
    let end = manifest.text[open..].find(']').map_or(manifest.text.len(), |close| open + close);
    let mut rest = open;
    while let Some(quote) = manifest.text[rest..end].find(['"', '\'']).map(|found| rest + found) {
        let mark = &manifest.text[quote..=quote];
        let Some(close) = manifest.text[quote + 1..end].find(mark).map(|found| quote + 1 + found) else { return };
        if let Some((name, range)) = requirement(&manifest.text[quote + 1..close]) {
            package.add(name, manifest.dependency(range, Section::Normal, span(quote..close + 1)));
        }
        rest = close + 1;
    }
}

fn parse<'t>(manifest: &mut ManifestText<'t>) -> Option<Table<'t>> {
    let text: &'t str = manifest.text;
    let (table, errors) = DeTable::parse_recoverable(text);
    if let Some(error) = errors.first() {
        let mut problem = Problem::new(id::UNPARSABLE, format!("`{}` is not valid TOML", manifest.path));
        if let Some(range) = error.span() {
            problem = problem.at(span(range));
        }
        manifest.complain(problem);
    }
    Some(table.into_inner())
}

fn table<'a, 't>(table: &'a Table<'t>, path: &[&str]) -> Option<&'a Table<'t>> {
    path.iter().try_fold(table, |table, key| table.get(*key)?.get_ref().as_table())
}

fn strings(value: Option<&Spanned<DeValue<'_>>>) -> Vec<String> {
    let items = value.and_then(|value| value.get_ref().as_array());
    items.into_iter().flatten().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect()
}

fn name_it(package: &mut Package, table: &Table<'_>) {
    let text = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
    package.name = text("name").map(|name| normalised(name).into());
    package.version = text("version").map(Into::into);
}

/// `["fastapi>=0.110", ...]`
fn read_list(
    package: &mut Package,
    manifest: &ManifestText<'_>,
    listed: Option<&Spanned<DeValue<'_>>>,
    section: Section,
) {
    for item in listed.and_then(|listed| listed.get_ref().as_array()).into_iter().flatten() {
        // `{ include-group = "x" }` names a group that is read anyway.
        let Some((name, range)) = item.get_ref().as_str().and_then(requirement) else { continue };
        package.add(name, manifest.dependency(range, section, span(item.span())));
    }
}

/// `group = ["pytest", ...]`
fn read_groups(package: &mut Package, manifest: &ManifestText<'_>, groups: Option<&Table<'_>>, section: Section) {
    for (_, listed) in groups.into_iter().flatten() {
        read_list(package, manifest, Some(listed), section);
    }
}

/// `django = "^5.0"`, `django = { version = "^5.0" }`
fn read_table(package: &mut Package, manifest: &ManifestText<'_>, listed: Option<&Table<'_>>, section: Section) {
    for (name, value) in listed.into_iter().flatten() {
        let range = match value.get_ref() {
            DeValue::String(range) => range,
            DeValue::Table(settings) => {
                settings.get("version").and_then(|version| version.get_ref().as_str()).unwrap_or("*")
            }
            _ => "*",
        };
        if name.get_ref() != "python" {
            let place = span(name.span()).to(span(value.span()));
            package.add(normalised(name.get_ref()), manifest.dependency(range, section, place));
        }
    }
}

fn span(range: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}
