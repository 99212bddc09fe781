//! `paths` and `baseUrl` of tsconfig.json and jsconfig.json, with what they extend.

use super::super::file::{inside, normalized, upward};
use super::super::{FileKind, Project, json};
use super::entries::star;
use crate::syntax::FileId;
use jsonc_parser::ast::{Object, Value};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// How many configurations one is made of at most, through `extends` and `references`.
const MAX_PARTS: usize = 64;

/// The configuration of each folder that has one: its file, and what it says once somebody asks.
pub(in crate::project) type TsConfigs = BTreeMap<String, (FileId, OnceLock<TsConfig>)>;

/// What a configuration says of imports. Folders are relative to the root.
#[derive(Clone, Debug, Default)]
pub(in crate::project) struct TsConfig {
    base_url: Option<String>,
    /// Pattern, and the paths it stands for.
    paths: Vec<(String, Vec<String>)>,
}

impl Project {
    /// The file that `paths` of the nearest configuration gives for a module.
    pub(super) fn through_paths(&self, from: FileId, module: &str) -> Option<FileId> {
        let targets = self.nearest_config(from)?.targets(module);
        targets.iter().find_map(|target| self.probe(&normalized(target)?))
    }

    /// The path that `paths` gives first, be it there or not.
    pub(super) fn first_path(&self, from: FileId, module: &str) -> Option<String> {
        normalized(self.nearest_config(from)?.targets(module).first()?)
    }

    /// Whether `paths` holds a pattern for every module.
    pub(super) fn paths_take_all(&self, from: FileId) -> bool {
        self.nearest_config(from).is_some_and(|config| config.paths.iter().any(|(pattern, _)| pattern == "*"))
    }

    /// The file below `baseUrl`.
    pub(super) fn below_base_url(&self, from: FileId, module: &str) -> Option<FileId> {
        let base = self.nearest_config(from)?.base_url.as_deref()?;
        self.probe(&normalized(&inside(base, module))?)
    }

    fn nearest_config(&self, from: FileId) -> Option<&TsConfig> {
        let configs = self.tsconfigs.get_or_init(|| self.find_configs());
        let (folder, (id, config)) =
            upward(self.import_folder(from)).find_map(|folder| configs.get_key_value(folder))?;
        Some(config.get_or_init(|| self.read_config(*id, folder, &mut Vec::new())))
    }

    fn find_configs(&self) -> TsConfigs {
        let mut configs = TsConfigs::new();
        for name in ["tsconfig.json", "jsconfig.json"] {
            for id in self.of_kind(&FileKind::TsConfig).iter().filter(|id| self.file(**id).name() == name) {
                configs.entry(self.file(*id).folder().to_owned()).or_insert((*id, OnceLock::new()));
            }
        }
        configs
    }

    /// One configuration on top of what it extends. `leaf` is the folder of the one that began, `seen` what was
    /// read for it already: configurations can extend each other in circles.
    fn read_config(&self, id: FileId, leaf: &str, seen: &mut Vec<FileId>) -> TsConfig {
        let mut config = TsConfig::default();
        if seen.len() == MAX_PARTS || seen.contains(&id) {
            return config;
        }
        seen.push(id);
        let folder = self.file(id).folder();
        let Some(Value::Object(object)) = self.text(id).ok().and_then(|text| json::lax(text)) else { return config };
        for base in self.extended(&object, folder) {
            config.take_over(self.read_config(base, leaf, seen));
        }
        if let Some(options) = object.get_object("compilerOptions") {
            config.read_options(options, folder, leaf);
        }
        // Vite's templates keep `paths` in `tsconfig.app.json`, which the main configuration only refers to.
        if config.paths.is_empty() && config.base_url.is_none() {
            let mut referred =
                self.referred(&object, folder).into_iter().map(|other| self.read_config(other, leaf, seen));
            if let Some(found) = referred.find(|found| !found.paths.is_empty()) {
                config = found;
            }
        }
        config
    }

    fn extended(&self, object: &Object<'_>, folder: &str) -> Vec<FileId> {
        let Some(property) = object.get("extends") else { return Vec::new() };
        let names = match &property.value {
            Value::StringLit(name) => vec![name.value.to_string()],
            value => json::strings(value),
        };
        names.iter().filter_map(|name| self.config_named(folder, name)).collect()
    }

    fn referred(&self, object: &Object<'_>, folder: &str) -> Vec<FileId> {
        let references = object.get_array("references").map(|list| list.elements.as_slice()).unwrap_or_default();
        let paths = references.iter().filter_map(|reference| json::string(reference.as_object()?, "path"));
        paths.filter_map(|path| self.config_named(folder, &format!("./{path}"))).collect()
    }

    fn config_named(&self, folder: &str, name: &str) -> Option<FileId> {
        let path = if name.starts_with('.') {
            normalized(&inside(folder, name))?
        } else {
            // A shared configuration can be a package of the workspace; an installed one is not looked at.
            let (package, subpath) = super::script::split(name)?;
            let package = self.packages().iter().find(|known| known.name.as_deref() == Some(package))?;
            inside(&package.dir, subpath)
        };
        let ways = [path.clone(), format!("{path}.json"), inside(&path, "tsconfig.json")];
        ways.iter().find_map(|path| self.find(path))
    }
}

impl TsConfig {
    fn take_over(&mut self, base: TsConfig) {
        self.base_url = base.base_url.or(self.base_url.take());
        if !base.paths.is_empty() {
            self.paths = base.paths;
        }
    }

    fn read_options(&mut self, options: &Object<'_>, folder: &str, leaf: &str) {
        let place = |base: &str, path: &str| match path.strip_prefix("${configDir}") {
            Some(rest) => inside(leaf, rest.trim_start_matches('/')),
            None => inside(base, path),
        };
        if let Some(base) = json::string(options, "baseUrl") {
            self.base_url = normalized(&place(folder, base));
        }
        let Some(paths) = options.get_object("paths") else { return };
        let base = self.base_url.as_deref().unwrap_or(folder);
        let entry = |pattern: &str, value: &Value<'_>| {
            let targets = json::strings(value).iter().map(|target| place(base, target)).collect();
            (pattern.to_owned(), targets)
        };
        self.paths = paths.properties.iter().map(|p| entry(p.name.as_str(), &p.value)).collect();
    }

    /// The paths that a module stands for: those of the pattern itself, else of the one with the longest beginning.
    fn targets(&self, module: &str) -> Vec<String> {
        if let Some((_, targets)) = self.paths.iter().find(|(pattern, _)| pattern == module) {
            return targets.clone();
        }
        let matching = self.paths.iter().filter_map(|(pattern, targets)| {
            let middle = if pattern == "*" { module } else { star(pattern, module)? };
            Some((pattern.find('*'), middle, targets))
        });
        let best = matching.max_by_key(|(length, ..)| *length);
        best.map_or_else(Vec::new, |(_, middle, targets)| targets.iter().map(|t| t.replacen('*', middle, 1)).collect())
    }
}
